import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { isFrozen, phase } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { markTeam } from '#lib/db/eligibility.ts';
import { findResults } from '#lib/db/results.ts';
import { callReveal, findReveal, type Move, pressReveal, restartReveal } from '#lib/db/reveals.ts';
import { competitions, events } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import type { RevealState } from '#lib/reveal.ts';
import { recordDueResults } from '#scoring/results.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, hoursFromNow, tenUtterances } from '../builders.ts';
import { scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aServer, follow, type Reader } from '../server.ts';
import { eventually } from '../workers.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const act = { actorId: null };
const names = ['first', 'second', 'third'];

/** Three teams, in this order; closed a moment ago, with its reveal to come. */
async function aClosedContest(given: Partial<typeof competitions.$inferInsert> = {}): Promise<Competition> {
  const revealsAt = hoursFromNow(8 * 24);
  const competition = await aTestSplit(
    db.owner,
    await aCompetition(db.owner, { revealsAt, dailyQuota: 100, ...given }),
  );
  for (const [i, name] of names.entries()) {
    const { people } = await aTeam(db.owner, competition, { name });
    const bytes = aPredictionsFile(tenUtterances, 26 + i);
    await send(db, { competition, author: people[0]! }, 0, { bytes });
  }
  await scoreAll(db);
  await close(competition);
  return competition;
}

async function close({ id }: Competition): Promise<void> {
  await db.owner.execute(sql`
    update competitions set submissions_end_at = rostrum_now() - interval '2 seconds' where id = ${id}`);
}

/** Of which an organiser has begun the reveal. */
async function aStage(): Promise<Competition> {
  const competition = await aClosedContest();
  await callReveal(db.web, competition.id, { actorId: null, reason: 'everybody is here' });
  await recordDueResults(db.scorer);
  return competition;
}

const press = (competition: Competition, expected: number, move: Move = 'next') =>
  pressReveal(db.web, competition.id, { move, expected }, act);

/** Names of teams whose place the web can read, by whatever it may ask. */
async function readable({ id }: Competition): Promise<string[]> {
  const { rows } = await db.web.execute<{ body: string }>(
    sql`select body from revealed_steps where competition_id = ${id}`,
  );
  return names.filter((name) => rows.some(({ body }) => body.includes('"kind":"place"') && body.includes(name)));
}

describe('a staged reveal', () => {
  test('gives the web the steps opened so far and no further, and ends with the last', async () => {
    const competition = await aStage();
    expect(await readable(competition)).toEqual([]);
    const seen: string[][] = [];
    const ends: boolean[] = [];
    for (let revision = 0; revision < 7; revision += 1) {
      await press(competition, revision);
      seen.push(await readable(competition));
      ends.push((await findResults(db.web, competition.id)) !== null);
    }
    expect(seen.map((each) => each.length)).toEqual([0, 1, 2, 3, 3, 3, 3]);
    expect(seen[1]).toEqual(['third']);
    expect(ends).toEqual([false, false, false, false, false, false, true]);
    const state = await findReveal(db.web, competition.id);
    expect(state).toMatchObject({ revision: 7, position: 6 });
    expect(state?.steps.map(({ kind }) => kind)).toEqual([
      'standing',
      'place',
      'place',
      'place',
      'shake-up',
      'gaps',
      'end',
    ]);
    await expect(press(competition, 7)).rejects.toMatchObject({ code: 'no-more-steps' });
  });

  test('keeps the board frozen, the labels closed and the phase apart until it ends', async () => {
    const competition = await aStage();
    await db.owner
      .update(competitions)
      .set({ freezesAt: hoursFromNow(-1) })
      .where(eq(competitions.id, competition.id));
    const stands = async () => {
      const current = await getCompetitionById(db.web, competition.id);
      const now = await readClock(db.web);
      return [phase(current, now), isFrozen(current, now)];
    };
    await press(competition, 0);
    expect(await stands()).toEqual(['revealing', true]);
    await press(competition, 1, 'all');
    expect(await stands()).toEqual(['revealed', false]);
    expect(await findReveal(db.web, competition.id)).toMatchObject({ position: 6 });
    const kinds = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
    expect(kinds.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['competition-changed', 'reveal-moved', 'reveal-ended']),
    );
  });

  test('shows an earlier step again without hiding what is open', async () => {
    const competition = await aStage();
    for (let revision = 0; revision < 3; revision += 1) await press(competition, revision);
    expect(await press(competition, 3, 'back')).toMatchObject({ position: 1, revision: 4 });
    expect(await readable(competition)).toEqual(['second', 'third']);
    await press(competition, 4, 'back');
    await expect(press(competition, 5, 'back')).rejects.toMatchObject({ code: 'no-more-steps' });
    // Forward through what is open, and only then further.
    expect((await press(competition, 5)).steps).toHaveLength(3);
  });

  test('goes one step where many press at once, and says so to the others', async () => {
    const competition = await aStage();
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => press(competition, 0)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const again = await Promise.allSettled(Array.from({ length: 8 }, () => press(competition, 1)));
    expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of [...answers, ...again]) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'reveal-moved' });
    }
    expect(await findReveal(db.web, competition.id)).toMatchObject({ position: 1, revision: 2 });
    // The control: presses that name no revision go on as often as there are presses.
    for (let i = 0; i < 2; i += 1) {
      await db.web.execute(sql`update reveals set position = position + 1, opened = opened + 1, revision = revision + 1
        where competition_id = ${competition.id}`);
    }
    expect(await findReveal(db.web, competition.id)).toMatchObject({ position: 3 });
  });

  test('waits for the result, and is not called before the close, without a reason or when all is open', async () => {
    const early = await aTestSplit(db.owner, await aCompetition(db.owner, { revealsAt: hoursFromNow(8 * 24) }));
    const call = (competition: Competition, reason: string) =>
      callReveal(db.web, competition.id, { actorId: null, reason });
    await expect(call(early, 'now')).rejects.toMatchObject({ code: 'reveal-too-early' });
    const competition = await aClosedContest();
    await expect(call(competition, ' ')).rejects.toMatchObject({ code: 'no-reason' });
    await call(competition, 'now');
    await expect(press(competition, 0)).rejects.toMatchObject({ code: 'result-not-made' });
    await recordDueResults(db.scorer);
    await press(competition, 0, 'all');
    await expect(call(competition, 'again')).rejects.toMatchObject({ code: 'already-revealed' });
  });

  test('keeps to the result that it began with, and begins again with a newer one when told to', async () => {
    const competition = await aStage();
    for (let revision = 0; revision < 2; revision += 1) await press(competition, revision);
    const restart = () => restartReveal(db.web, competition.id, { actorId: null, reason: 'a team was taken out' });
    await expect(restart()).rejects.toMatchObject({ code: 'no-newer-result' });
    const { rows } = await db.owner.execute<{ id: string }>(
      sql`select id from teams where competition_id = ${competition.id} and name = 'third'`,
    );
    const reason = { actorId: null, reason: 'rules', site: 'https://rostrum.example.org' };
    await markTeam(db.web, { competitionId: competition.id, teamId: rows[0]!.id }, false, reason);
    await recordDueResults(db.scorer);
    expect(await press(competition, 2)).toMatchObject({ position: 2 });
    await restart();
    expect(await findReveal(db.web, competition.id)).toMatchObject({ position: 0, revision: 4 });
    expect(await readable(competition)).toEqual([]);
  });
});

describe('who watches', () => {
  test('is told each step whole with its event, and who comes late or back the newest alone', async () => {
    const competition = await aStage();
    const server = await aServer(db);
    await press(competition, 0);
    const reader = await follow(server.origin, competition);
    const told = (of: Reader) => of.events.filter(({ name }) => name === 'reveal').map(({ id }) => id);
    await eventually(5, async () => told(reader).length === 1);
    await press(competition, 1);
    await press(competition, 2);
    await eventually(5, async () => told(reader).at(-1) === 'reveal-3');
    const [late, back] = await Promise.all([
      follow(server.origin, competition),
      follow(server.origin, competition, { 'Last-Event-ID': 'reveal-3' }),
    ]);
    await eventually(5, async () => late.comments > 0 && back.comments > 0);
    expect([told(late), told(back)]).toEqual([['reveal-3'], []]);
    const state: RevealState = JSON.parse(late.events.find(({ name }) => name === 'reveal')!.data);
    expect(state).toMatchObject({ position: 2, isShown: true });
    expect(state.steps).toHaveLength(3);
    for (const each of [reader, late, back]) each.close();
    await server.close();
    // Another process, as after a restart, knows the same.
    const restarted = await aServer(db);
    const again = await follow(restarted.origin, competition);
    await eventually(5, async () => told(again).length === 1);
    expect(told(again)).toEqual(['reveal-3']);
    again.close();
    await restarted.close();
  });
});

describe('a reveal at once', () => {
  test('opens everything at its instant, and may be walked through afterwards', async () => {
    const competition = await aClosedContest();
    await db.owner.execute(sql`
      update competitions set reveals_at = rostrum_now() - interval '1 second' where id = ${competition.id}`);
    await recordDueResults(db.scorer);
    expect((await findResults(db.web, competition.id))?.rows).toHaveLength(3);
    expect(await press(competition, 0)).toMatchObject({ position: 0 });
    expect((await findResults(db.web, competition.id))?.rows).toHaveLength(3);
  });

  test('(control) of a competition that is staged opens nothing at that instant', async () => {
    const competition = await aClosedContest({ revealMode: 'staged' });
    await db.owner.execute(sql`
      update competitions set reveals_at = rostrum_now() - interval '1 second' where id = ${competition.id}`);
    await recordDueResults(db.scorer);
    expect(await findResults(db.web, competition.id)).toBeNull();
  });
});
