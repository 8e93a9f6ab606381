import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { methodOf, readSnapshot, type Snapshot, writeSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import {
  createSnapshot,
  drawSnapshot,
  type FindTies,
  findBoardAt,
  getBoard,
  listOverdueBoards,
} from '#lib/db/boards.ts';
import { boardSnapshots, publishedScores, submissions } from '#lib/db/schema.ts';
import { getSubmissionFor, listSubmissionsOf } from '#lib/db/submission-views.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { aPredictionsFile, aTeam, aUser, hoursFromNow, type TestUser, type TestUtterance } from '../builders.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { eventually } from '../workers.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

/** Forty utterances of sixty words, all on the public fold. */
const long: readonly TestUtterance[] = Array.from({ length: 40 }, (_, i) => ({
  id: `u${i}`,
  reference: Array.from({ length: 60 }, (_unused, word) => `с${i}${word}`).join(' '),
  fold: 'public',
}));

const boardOf = async (competition: Competition) => readSnapshot((await getBoard(db.web, competition)).body);

describe('the board', () => {
  test('recomputed from scratch is the stored snapshot, at every version', async () => {
    const { competition, author } = await aContest(db);
    const { people } = await aTeam(db.owner, competition);
    const sends: [TestUser, number][] = [
      [author, 6],
      [people[0]!, 4],
      [author, 9],
      [author, 4],
    ];
    for (const [who, wrong] of sends) {
      await send(db, { competition, author: who }, wrong);
      await scoreAll(db);
    }
    const stored = await db.owner
      .select()
      .from(boardSnapshots)
      .where(eq(boardSnapshots.competitionId, competition.id))
      .orderBy(boardSnapshots.version);
    expect(stored.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    let before: Snapshot | null = null;
    for (const { body, version, at } of stored) {
      const board = await drawSnapshot(db.scorer, competition, { at, before, findTies });
      before = { version, at: at.toISOString(), frozen: false, ...board };
      expect(writeSnapshot(before)).toBe(body);
    }
    const { rows: exact } = await db.owner.execute<{ team: string; wer: number }>(sql`
      select s.team_id as team, round(1000.0 * min(c.substitutions + c.deletions + c.insertions) / 25) / 1000 as wer
      from submissions s join hidden.counts c on c.submission_id = s.id and c.fold = 'public'
      where s.competition_id = ${competition.id} group by 1`);
    const shown = (await boardOf(competition)).rows.map((row) => ({ team: row.teamId, wer: String(row.wer) }));
    expect(shown).toHaveLength(2);
    expect(exact.map(({ team, wer }) => ({ team, wer: String(Number(wer)) }))).toEqual(expect.arrayContaining(shown));
  });

  test('of a moment is the newest snapshot that stood then', async () => {
    const { competition, author } = await aContest(db);
    expect(await findBoardAt(db.web, competition.id, new Date())).toBeNull();
    await send(db, { competition, author }, 6);
    await scoreAll(db);
    const between = new Date();
    await send(db, { competition, author }, 3);
    await scoreAll(db);
    expect((await findBoardAt(db.web, competition.id, between))?.version).toBe(1);
    expect((await findBoardAt(db.web, competition.id, new Date()))?.version).toBe(2);
  });

  test('stands still from the freeze to the reveal, while a team sees its own new score and nobody else does', async () => {
    const { competition, team, author } = await aContest(db);
    const organiser = await aUser(db.owner, { isAdministrator: true });
    await send(db, { competition, author }, 6);
    await scoreAll(db);
    const frozenAt = new Date();
    await setWindows(competition, { freezes_at: frozenAt });
    const hidden = await send(db, { competition, author }, 2);
    await scoreAll(db);
    expect(await listOverdueBoards(db.scorer)).toEqual([]);
    const board = await boardOf(competition);
    expect(board).toMatchObject({
      version: 2,
      frozen: true,
      at: frozenAt.toISOString(),
      rows: [{ wer: 0.24, entries: 1 }],
    });
    expect((await listSubmissionsOf(db.web, team.id))[0]).toMatchObject({ status: { test: { werPermille: 80 } } });
    expect(await getSubmissionFor(db.web, hidden.id, organiser)).toMatchObject({
      status: { state: 'scored', test: null },
    });

    await send(db, { competition, author }, 1);
    await scoreAll(db);
    expect((await getBoard(db.web, competition)).version).toBe(2);
    await setWindows(competition, { submissions_end_at: new Date(), reveals_at: new Date() });
    expect(await listOverdueBoards(db.scorer)).toEqual([competition.id]);
    await db.scorer.transaction((tx) => createSnapshot(tx, competition.id, findTies));
    expect(await boardOf(competition)).toMatchObject({ version: 3, frozen: false, rows: [{ wer: 0.04, entries: 3 }] });
  });

  test('is overdue when a change since yesterday is of the day before', async () => {
    const { competition, author } = await aContest(db, { submissionsStartAt: hoursFromNow(-100) });
    await send(db, { competition, author }, 6, { receivedAt: hoursFromNow(-30) });
    await send(db, { competition, author }, 4, { receivedAt: hoursFromNow(-24 + 1 / 3600) });
    await scoreAll(db);
    expect(await boardOf(competition)).toMatchObject({ rows: [{ change: -0.08 }] });
    await eventually(5, async () => (await listOverdueBoards(db.scorer)).includes(competition.id));
    await db.scorer.transaction((tx) => createSnapshot(tx, competition.id, findTies));
    expect(await boardOf(competition)).toMatchObject({ rows: [{ change: 0 }] });
    expect(await listOverdueBoards(db.scorer)).toEqual([]);
  });

  test('is read anew where another worker drew the last one', async () => {
    const { competition, author } = await aContest(db);
    const { team, people } = await aTeam(db.owner, competition);
    await send(db, { competition, author }, 6);
    await send(db, { competition, author: people[0]! }, 4);
    await scoreAll(db);
    const { version, ...board } = await boardOf(competition);
    await db.owner.update(submissions).set({ voidedAt: new Date() }).where(eq(submissions.teamId, team.id));
    const rows = board.rows.filter(({ teamId }) => teamId !== team.id);
    const at = new Date();
    const body = writeSnapshot({ ...board, version: version + 1, at: at.toISOString(), rows });
    await db.owner.insert(boardSnapshots).values({ competitionId: competition.id, version: version + 1, at, body });
    await send(db, { competition, author }, 5);
    await scoreAll(db);
    expect(await boardOf(competition)).toMatchObject({ version: version + 2, rows: [{ wer: 0.2, entries: 2 }] });
  });

  test('has no late and no voided entry', async () => {
    const { competition, author } = await aContest(db);
    await send(db, { competition, author }, 6);
    const voided = await send(db, { competition, author }, 1);
    await scoreAll(db);
    await db.owner.update(submissions).set({ voidedAt: new Date() }).where(eq(submissions.id, voided.id));
    await setWindows(competition, { submissions_end_at: hoursFromNow(-0.1), reveals_at: hoursFromNow(-0.05) });
    const late = await send(db, { competition, author }, 0);
    await scoreAll(db);
    expect(await db.owner.select().from(publishedScores).where(eq(publishedScores.submissionId, late.id))).toHaveLength(
      1,
    );
    await db.scorer.transaction((tx) => createSnapshot(tx, competition.id, findTies));
    expect(await boardOf(competition)).toMatchObject({ rows: [{ wer: 0.24, entries: 1 }] });
  });

  test('brackets places that are statistically tied, and tests them again only when a shown number changes', async () => {
    const { competition, author } = await aContest(db, { dailyQuota: 100 }, long);
    const others = [await aTeam(db.owner, competition), await aTeam(db.owner, competition)];
    const upload = async (who: TestUser, wrong: number) => {
      await send(db, { competition, author: who }, wrong, { bytes: aPredictionsFile(long, wrong) });
      await scoreAll(db);
    };
    await upload(author, 236);
    await upload(others[0]!.people[0]!, 251);
    await upload(others[1]!.people[0]!, 1200);
    const board = await boardOf(competition);
    expect(board.rows.map(({ wer, tied }) => [wer, tied])).toEqual([
      [0.098, 1],
      [0.105, 1],
      [0.5, null],
    ]);
    expect(board.ties).toMatchObject({
      method: 'all-pairs',
      units: 40,
      resamples: 2000,
      seed: expect.any(Number),
    });

    // One error in 2,400 words less is a better entry, and none that anybody sees.
    await upload(author, 235);
    const { version, ties, rows } = await boardOf(competition);
    expect({ version, ties, tied: rows.map(({ tied }) => tied) }).toEqual({
      version: 4,
      ties: board.ties,
      tied: [1, 1, null],
    });
    const draw = (before: Snapshot | null, findTies: FindTies) =>
      drawSnapshot(db.scorer, competition, { at: new Date(), before, findTies });
    const refusing = () => Promise.reject(new Error('places were tested'));
    expect((await draw(board, refusing)).rows.map(({ tied }) => tied)).toEqual([1, 1, null]);
    // The controls: with another number the places are tested, and so they are where there is nothing to follow.
    const seen = { ...board, rows: board.rows.map((row, i) => (i === 2 ? { ...row, wer: 0.6 } : row)) };
    await expect(draw(seen, refusing)).rejects.toThrow('places were tested');
    await expect(draw(null, refusing)).rejects.toThrow('places were tested');

    // Boards from before all pairs were tested together come out as they were, without the name of a method.
    const former = await draw(null, (tx, each, ids) => findTies(tx, each, ids, 'leader'));
    expect(former.ties).toEqual({ units: 40, seed: board.ties!.seed, resamples: 10_000 });
    expect(methodOf(former.ties!)).toBe('leader');
    expect(former.rows.map(({ tied }) => tied)).toEqual([1, 1, null]);
  });

  async function setWindows(competition: Competition, instants: Record<string, Date>) {
    for (const [column, instant] of Object.entries(instants)) {
      await db.owner.execute(
        sql`update competitions set ${sql.identifier(column)} = ${instant} where id = ${competition.id}`,
      );
    }
  }
});
