import { type Browser, expect, type Page, test } from '@playwright/test';
import { getTableColumns, is, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import * as schema from '#lib/db/schema.ts';
import { everyPage } from './every-page.ts';
import { aFurnishedPlace, type Furnished, type Role } from './furnished.ts';
import { laptop, polyglot, watch } from './hostile.ts';
import { origin, ownerDatabase, signedIn } from './people.ts';

/*
 * Whatever somebody could have typed, in every column that holds a text of theirs, past all checks of ours but those of the tables: no
 * page there is takes it for markup or runs it.
 */

/** Written by programs, or read by them; addresses, which the tables let be nothing else. */
const ofPrograms = new Set(
  `id slug email emailKey nameKey timeZone profile profileHash scorerVersion kind subject format provider key address process deskUrl
  mediaType passwordHash utteranceId unit code codeCommit codeLink slidesLink link idempotencyKey failure backend device bodyHtml`.split(
    /\s+/,
  ),
);
/** Documents that are read back as what they were written as. */
const documents = ['board_snapshots', 'result_snapshots', 'reveal_steps', 'course_sheets', 'course_sheet_rows'];

/** The rows of a table that belong to these competitions; null where it has no way to them. */
function rowsOf(table: PgTable, competitions: SQL): SQL | null {
  const of = {
    teams: sql`select id from teams where competition_id in ${competitions}`,
    people: sql`select user_id from team_members where competition_id in ${competitions}`,
  };
  const courses = sql`select id from courses where competition_id in ${competitions}`;
  const { name } = getTableConfig(table);
  const columns = getTableColumns(table);
  if (name === 'users') return sql`id in (${of.people})`;
  if (name === 'competitions') return sql`id in ${competitions}`;
  if ('competitionId' in columns) return sql`competition_id in ${competitions}`;
  if ('courseId' in columns) return sql`course_id in (${courses})`;
  if ('teamId' in columns) return sql`team_id in (${of.teams})`;
  if ('userId' in columns) return sql`user_id in (${of.people})`;
  return null;
}

/** Writes the text, as long as each column takes it; returns the columns that did. */
async function sayEverywhere(slugs: readonly string[], text: string): Promise<string[]> {
  const owner = ownerDatabase();
  const competitions = sql`(select id from competitions where slug = any(${sql.param(slugs)}))`;
  const said: string[] = [];
  for (const table of Object.values(schema).filter((each) => is(each, PgTable))) {
    const { name } = getTableConfig(table);
    const rows = rowsOf(table, competitions);
    if (rows === null || documents.includes(name)) continue;
    for (const [key, column] of Object.entries(getTableColumns(table))) {
      if (column.getSQLType() !== 'text' || (column.enumValues?.length ?? 0) > 0 || ofPrograms.has(key)) continue;
      const cell = sql.identifier(snakeCase(key));
      for (const length of [1000, 200, 100, 40]) {
        const write = sql`update ${table} set ${cell} = left(${text}, ${length}) where ${rows}`;
        const written = await owner.execute(write).catch(() => null);
        if (written === null) continue;
        if ((written.rowCount ?? 0) > 0) said.push(`${name}.${key}`);
        break;
      }
    }
  }
  return said;
}

const snakeCase = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whose pages show what somebody typed: those of the product's own words are left out. */
const pagesOf = (role: Role) =>
  everyPage.filter(({ by, path, status }) => by === role && status === undefined && !ownWords.test(path));
const ownWords = /^\/(sign-|reset|docs|confirm|unsubscribe|privacy)|\/(quick-start|normalise|unknown)/;

async function aReader(browser: Browser, by: Role, { people, links }: Furnished): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'ru-RU', viewport: laptop })).newPage();
  if (by === 'member' || by === 'organiser') await signedIn(page, people[by]);
  if (by === 'stage' || by === 'juror') await page.goto(links[by]);
  return page;
}

test('what people can type is text on every page there is', async ({ browser }) => {
  test.setTimeout(180_000);
  const place = await aFurnishedPlace('typed');
  const slugs = ['open', 'talking', 'revealed'].map((name) => place.places[name]!);
  // As text it fits anywhere; as markup it would run.
  const said = await sayEverywhere(slugs, polyglot);
  expect(said.length, said.join(' ')).toBeGreaterThan(30);
  let shown = 0;
  const walk = async (role: Role) => {
    const page = await aReader(browser, role, place);
    const trouble = await watch(page);
    for (const { path } of pagesOf(role)) {
      const address = path.replace(/\{(\w+)\}/g, (_all, name: string) => place.places[name]!);
      expect((await page.goto(origin() + address))?.status(), path).toBe(200);
      expect(await trouble(), path).toEqual({ dialogs: [], planted: 0, refused: [] });
      if ((await page.getByText('data-planted').count()) > 0) shown += 1;
    }
    await page.context().close();
  };
  await Promise.all([...new Set(everyPage.map(({ by }) => by))].map(walk));
  // The control: they do have it. That `watch` sees what runs is said by hostile-names.spec.ts.
  expect(shown).toBeGreaterThan(25);
});
