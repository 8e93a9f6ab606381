import { type Browser, expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { saveHomework } from '#lib/db/course-programme.ts';
import { importRoster } from '#lib/db/course-roster.ts';
import { createCourse, publishCourse } from '#lib/db/courses.ts';
import { addTeams } from '#lib/db/defence.ts';
import { createEveningLink, openEveningLink } from '#lib/db/evening-links.ts';
import { addCriterion, listCriteria, type NamedCriterion, saveSheet } from '#lib/db/jury.ts';
import { users } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { saveTalk } from '#lib/db/talks.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { aCompetition, anUpload, aPredictionsFile, aTeam, aTestSplit, hoursFromNow } from '../builders.ts';
import { csvRoutes, type TablePlace } from '../csv-routes.ts';
import { laptop, polyglot, watch } from './hostile.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn, type TestPerson } from './people.ts';
import { spillsOf } from './spills.ts';

/*
 * What somebody might call themselves, their team, their file, their talk, written past every check of ours: no page takes it for markup,
 * runs it or falls apart.
 */

test.use({ locale: 'ru-RU' });

const hostile = {
  markup: polyglot.slice(0, 100),
  script: '<script>alert(3)</script>',
  attribute: `" autofocus onfocus="alert(4)" x="`,
  address: 'javascript:alert(5)//\u202Egnp.exe',
  long: 'Ы'.repeat(100),
  zalgo: `Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319\u0324\u031E\u0349\u035A\u032F\u031E\u0320\u034D${'\u0301'.repeat(60)}`,
  formula: '=HYPERLINK("http://evil.example","x")',
};
const act = { actorId: null };
/** As the database has it. */
const longestTeamName = 40;

type Place = TablePlace & { team: string; submission: string; member: TestPerson; organiser: TestPerson };

/** A contest with a name of each kind in everything that has a name. */
async function aHostilePlace(): Promise<Place> {
  const owner = ownerDatabase();
  const slug = ofThisTry('hostile');
  const brief = `${polyglot}\n\n[x](javascript:alert(6)) ![x](x" onerror="alert(7))`;
  const texts = { nameRu: hostile.markup, nameEn: hostile.script, briefRu: brief, rulesRu: brief };
  const competition = await aTestSplit(
    owner,
    await aCompetition(owner, { slug, ...texts, defenceAt: hoursFromNow(2) }),
  );
  const organiser = await aMember({ name: hostile.markup });
  const [account] = await owner.select().from(users).where(eq(users.email, organiser.email));
  await grantRole(owner, competition.id, account!.id, 'organiser', act);
  const teams: { id: string; email: string; submission: string }[] = [];
  for (const [i, name] of Object.values(hostile).entries()) {
    const { team, people } = await aTeam(owner, competition, { name: name.slice(0, longestTeamName) });
    const author = people[0]!;
    await owner.update(users).set({ name }).where(eq(users.id, author.id));
    const file = { bytes: aPredictionsFile(undefined, i), fileName: `${name}.csv`, note: name };
    const { submission } = await createSubmission(owner, anUpload(competition, author, file));
    await saveTalk(owner, competition.id, author.id, { title: name, description: polyglot, slidesLink: null });
    teams.push({ id: team.id, email: author.email, submission: submission.id });
  }
  await addTeams(
    owner,
    { competitionId: competition.id, version: 0, ...act },
    teams.map(({ id }) => id),
  );
  await addHostileMarks(competition.id, teams.at(-1)!.id);
  const homework = await aHostileCourse(slug, competition.id, teams.at(-1)!.email);
  const [{ id, email, submission }] = teams as [(typeof teams)[number]];
  return { slug, homework, team: id, submission, member: { ...organiser, email }, organiser };
}

/** A juror, a criterion and a comment that would be calculated. */
async function addHostileMarks(competitionId: string, teamId: string): Promise<void> {
  const owner = ownerDatabase();
  const criterion = { nameRu: hostile.formula, nameEn: hostile.formula, highest: 10 };
  await addCriterion(owner, competitionId, criterion, act);
  const link = { role: 'juror' as const, name: hostile.formula, expiresAt: hoursFromNow(5) };
  const juror = await openEveningLink(owner, await createEveningLink(owner, competitionId, link, act), 'juror');
  const [{ id }] = (await listCriteria(owner, competitionId)) as [NamedCriterion];
  await saveSheet(owner, juror, teamId, { marks: { [id]: 7 }, comment: hostile.formula });
}

/** Returns its homework. */
async function aHostileCourse(slug: string, competitionId: string, email: string): Promise<string> {
  const owner = ownerDatabase();
  const names = { nameRu: hostile.markup, nameEn: hostile.script, timeZone: 'Europe/Moscow' };
  const course = await createCourse(owner, { slug, ...names, competitionId }, act);
  await publishCourse(owner, course, act);
  const title = { titleRu: hostile.formula, titleEn: hostile.formula, link: null, maxPoints: 20 };
  const dates = { handedOutAt: hoursFromNow(-24), softAt: hoursFromNow(24), hardAt: hoursFromNow(48) };
  const homework = await saveHomework(owner, course, null, { ...title, ...dates }, act);
  const student = {
    studentNumber: '=1',
    name: hostile.formula,
    groupName: '@SUM(1)',
    address: parseEmailAddress(email)!,
  };
  await importRoster(owner, course, [student], act);
  return homework;
}

/** By how much the page is wider than a phone. */
async function widerThanPhone(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 390, height: 844 });
  const wider = (await spillsOf(page)).filter((spill) => spill.includes('wider'));
  await page.setViewportSize(laptop);
  return wider;
}

async function aPage(browser: Browser, person: TestPerson | null): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'ru-RU', viewport: laptop })).newPage();
  if (person !== null) await signedIn(page, person);
  return page;
}

test('names made to be markup, scripts, formulas or too long are shown as names on every page that has them', async ({
  browser,
  page,
}) => {
  const place = await aHostilePlace();
  const { slug, team, submission, member, organiser } = place;
  const rows = page.locator('table tbody tr');
  await expect(async () => {
    await page.goto(`${origin()}/c/${slug}/board`);
    expect(await rows.count()).toBeGreaterThanOrEqual(Object.keys(hostile).length);
  }).toPass({ timeout: 30_000 });
  const everybodys = ['', '/board', '/board/history', '/rules', '/defence'].map((page) => `/c/${slug}${page}`);
  const walks: [TestPerson | null, string[]][] = [
    [null, ['/', ...everybodys, `/course/${slug}`, `/live/${slug}`]],
    [
      member,
      [
        '/account',
        ...['team', 'team/method', 'team/talk', 'submissions', `submissions/${submission}`, 'submit'].map(
          (page) => `/c/${slug}/${page}`,
        ),
      ],
    ],
    [
      organiser,
      ['', '/teams', `/teams/${team}`, '/people', '/log', '/texts', '/defence', '/eligibility'].map(
        (page) => `/organise/${slug}${page}`,
      ),
    ],
  ];
  for (const [person, paths] of walks) {
    const own = await aPage(browser, person);
    const trouble = await watch(own);
    for (const path of paths) {
      const response = await own.goto(origin() + path);
      expect(response?.status(), path).toBe(200);
      expect(await trouble(), path).toEqual({ dialogs: [], planted: 0, refused: [] });
      expect(await widerThanPhone(own), path).toEqual([]);
    }
    if (person === organiser) await expectNoFormula(own, place);
    await own.context().close();
  }
});

/** Tables of the same names, as a spreadsheet opens them: no cell would be calculated. */
async function expectNoFormula(page: Page, place: TablePlace): Promise<void> {
  const cellsOf = (text: string) =>
    [...text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(?:,|\r\n)/g)].map(([, cell]) => cell!);
  const begun = /^"?\s*[=+@]/;
  for (const route of Object.values(csvRoutes)) {
    if (!('address' in route)) continue;
    const path = route.address(place);
    const cells = cellsOf(await (await page.request.get(origin() + path)).text());
    expect(cells, path).toContain(`"'${hostile.formula.replaceAll('"', '""')}"`);
    expect(cells.filter((cell) => begun.test(cell))).toEqual([]);
  }
  // The control.
  expect(cellsOf(`1,${hostile.formula},2\r\n`).filter((cell) => begun.test(cell))).toHaveLength(1);
}

test('(control) the same names do all of that where they are put in as markup', async ({ page }) => {
  const trouble = await watch(page);
  await page.goto('about:blank');
  const asked = page.waitForEvent('dialog');
  await page.setContent(`<p style="white-space: nowrap">${hostile.long.repeat(9)}</p>${polyglot}`);
  await asked;
  const found = await trouble();
  expect(found.dialogs.length).toBeGreaterThan(0);
  expect(found.planted).toBeGreaterThan(0);
  expect(await widerThanPhone(page)).not.toEqual([]);
});
