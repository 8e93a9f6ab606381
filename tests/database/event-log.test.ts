import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { type LogFilter, listActors, listEvents } from '#lib/db/event-log.ts';
import { chainEvents } from '#lib/db/log-chain.ts';
import { mergeTeams, renameTeamFor } from '#lib/db/team-administration.ts';
import { updateProfile } from '#lib/db/users.ts';
import { setVoided } from '#lib/db/voiding.ts';
import { eventKinds } from '#lib/event-kinds.ts';
import { log } from '#lib/log.ts';
import { languages } from '#lib/messages/language.ts';
import { isMessageKey, translator } from '#lib/messages/translate.ts';
import { aboutOf, whatOf } from '../../app/organise/[slug]/log/words.ts';
import { aTeam, aUser, hoursFromNow } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

const migrations = new URL('../../migrations/', import.meta.url);

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const everything: LogFilter = { group: null, actorId: null, teamId: null, from: null, to: null };
const t = translator('en');
const print = (instant: Date) => instant.toISOString();

async function linesOf({ id }: Competition, filter: Partial<LogFilter> = {}): Promise<string[]> {
  const events = await listEvents(db.web, id, { ...everything, ...filter }, { before: null, limit: 100 });
  return events.map((event) =>
    [event.actor?.name ?? 'Rostrum', whatOf(event, { t, print }), aboutOf(event, t)].filter(Boolean).join(' | '),
  );
}

/** A file, a voided file, a renamed team, two merged teams; by an organiser of a name of their own. */
async function aBusyContest(): Promise<Contest & { organiser: { id: string }; otherId: string }> {
  const contest = await aContest(db);
  const { competition, team } = contest;
  const organiser = await aUser(db.owner, { name: 'Ольга' });
  const { team: other } = await aTeam(db.owner, competition, { name: 'Сороки' });
  const act = { actorId: organiser.id, reason: 'because', site: 'https://rostrum.example.org' };
  const { id: submissionId } = await send(db, contest, 2, { fileName: 'best.csv' });
  await scoreAll(db);
  await renameTeamFor(db.web, { competitionId: competition.id, teamId: team.id }, 'Снегири', act);
  await setVoided(db.web, { competitionId: competition.id, submissionId }, true, act);
  await mergeTeams(db.web, { competitionId: competition.id, teamId: team.id }, other.id, act);
  return { ...contest, organiser, otherId: other.id };
}

describe('the log of a competition', () => {
  test('says who did what to what, newest first, without the drawing of boards unless that is asked for', async () => {
    const { competition, team } = await aBusyContest();
    expect(await linesOf(competition)).toEqual([
      'Ольга | teams merged | Снегири; with: Сороки',
      'Ольга | file voided | best.csv, Снегири',
      `Ольга | team renamed: “${team.name}” → “Снегири” | Снегири`,
      'Анна | file handed in | best.csv, Снегири',
    ]);
    expect(await linesOf(competition, { group: 'boards' })).toEqual(['Rostrum | board changed: board 1']);
  });

  test('is filtered by kind, person, team and day', async () => {
    const { competition, organiser, author, team, otherId } = await aBusyContest();
    const count = async (filter: Partial<LogFilter>) => (await linesOf(competition, filter)).length;
    expect(await count({ group: 'files' })).toBe(2);
    expect(await count({ actorId: organiser.id })).toBe(3);
    expect(await count({ actorId: author.id })).toBe(1);
    expect(await count({ teamId: team.id })).toBe(4);
    expect(await count({ teamId: otherId })).toBe(1);
    expect(await count({ from: hoursFromNow(-1), to: hoursFromNow(1) })).toBe(4);
    expect(await count({ from: hoursFromNow(1), to: null })).toBe(0);
    expect((await listActors(db.web, competition.id)).map(({ name }) => name)).toEqual(['Анна', 'Ольга']);
  });

  test('is read page by page, each event once', async () => {
    const { competition } = await aBusyContest();
    const read = [];
    let before: string | null = null;
    for (;;) {
      const page = await listEvents(db.web, competition.id, everything, { before, limit: 3 });
      if (page.length === 0) break;
      read.push(...page.map(({ id }) => id));
      before = page.at(-1)!.id;
    }
    expect(read).toHaveLength(4);
    expect(new Set(read).size).toBe(4);
  });

  test('has a place in the chain for each, and names of now: of somebody who was erased the pseudonym', async () => {
    const { competition, author } = await aBusyContest();
    await updateProfile(db.web, author.id, { name: 'Гагара' });
    expect(await linesOf(competition, { actorId: author.id })).toEqual([expect.stringContaining('Гагара')]);
    await chainEvents(db.scorer);
    await erasePerson(db.web, author.id, author.id);
    const events = await listEvents(db.web, competition.id, everything, { before: null, limit: 100 });
    const first = events.at(-1)!;
    expect(first).toMatchObject({
      kind: 'submission-received',
      position: 1,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(first.actor?.name).toContain('erased person');
    expect(JSON.stringify(events)).not.toContain('Гагара');
  });

  test('has a sentence for every kind in both languages', () => {
    for (const language of languages) {
      for (const kind of eventKinds) {
        expect(isMessageKey(`organise.event-${kind}`), kind).toBe(true);
        expect(translator(language)(`organise.event-${kind}`), kind).not.toBe('');
      }
    }
    // What the database itself writes is not seen by the compiler.
    const written = readdirSync(migrations)
      .flatMap((name) => [...readFileSync(new URL(name, migrations), 'utf8').matchAll(/insert into events [^;]*;/g)])
      .map(([statement]) => /'([a-z]+(?:-[a-z]+)+)'/.exec(statement)?.[1] ?? statement);
    expect(new Set(written)).toEqual(new Set(['board-drawn']));
    for (const kind of written) expect(eventKinds).toContain(kind);
    // A kind of another version reads as itself.
    expect(whatOf({ kind: 'moon-landed', details: {} }, { t, print })).toBe('moon-landed');
  });
});
