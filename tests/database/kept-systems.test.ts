import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { editLabels } from '#lib/db/label-drafts.ts';
import { applyDraft, requestRescore } from '#lib/db/label-rescores.ts';
import { competitions, submissions } from '#lib/db/schema.ts';
import { findErrorsOnFold, getFold } from '#lib/db/utterance-errors.ts';
import { log } from '#lib/log.ts';
import { findTies, seedOf } from '#scoring/board-ties.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { keptBoard, poolUnits, readSystems } from '#scoring/kept-systems.ts';
import { separatePairs } from '#scoring/statistics/all-pairs.ts';
import { createBootstrap } from '#scoring/statistics/bootstrap.ts';
import { tieRuns } from '#scoring/statistics/ties.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, type TestUtterance } from '../builders.ts';
import { scoreAll, send, withoutThreads } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const split: readonly TestUtterance[] = Array.from({ length: 40 }, (_, i) => ({
  id: `u${i + 1}`,
  reference: `раз два три четыре ${['пять', 'шесть', 'семь'][i % 3]}`,
  fold: i % 4 === 3 ? 'private' : 'public',
}));
const act = { actorId: null, reason: 'listened to it' };

/** By the plainest way, from what the database says now. */
async function foundAnew({ id, labelVersion }: Competition, ids: readonly string[]) {
  const fold = await getFold(db.scorer, id, labelVersion, 'public');
  const errors = await findErrorsOnFold(db.scorer, fold, labelVersion, ids);
  const units = new Set(fold.unitOf).size;
  const systems = ids.map((each) => poolUnits(errors.get(each)!, fold, units));
  const { rates } = createBootstrap(systems, { seed: seedOf(id), resamples: 2000 });
  return { systems, classes: tieRuns(ids.length, separatePairs(systems, [...systems.keys()].map(rates))) };
}

async function kept(competition: Competition, ids: readonly string[]) {
  const resampling = { seed: seedOf(competition.id), resamples: 2000 };
  const board = await keptBoard(db.scorer, competition, resampling);
  const systems = await readSystems(db.scorer, competition.labelVersion, board, ids, resampling);
  return { known: board.systems.size, systems: systems!.map(({ counts }) => counts) };
}

const idsOf = async ({ id }: Competition) =>
  (
    await db.owner.select().from(submissions).where(eq(submissions.competitionId, id)).orderBy(submissions.sequence)
  ).map((row) => row.id);
const nowOf = async ({ id }: Competition) =>
  (await db.owner.select().from(competitions).where(eq(competitions.id, id)))[0]!;

describe('what a worker keeps of the systems on a board', () => {
  test('leads to the same classes as all of it read anew, file by file and through corrected labels', async () => {
    const given = { dailyQuota: 100 };
    const competition = await aTestSplit(db.owner, await aCompetition(db.owner, given), split);
    for (const wrong of [20, 4, 60, 61, 5, 100]) {
      const { team, people } = await aTeam(db.owner, competition);
      const contest = { competition, team, author: people[0]! };
      await send(db, contest, 0, { bytes: aPredictionsFile(split, wrong) });
      await scoreAll(db);
      const ids = await idsOf(competition);
      const anew = await foundAnew(competition, ids);
      expect((await findTies(db.scorer, competition, ids))?.classes).toEqual(anew.classes);
      expect(await kept(competition, ids)).toEqual({ known: ids.length, systems: anew.systems });
    }
    const ids = await idsOf(competition);
    const before = await foundAnew(competition, ids);
    // A preview tests the draft's board; then the draft is edited again, under the same number.
    for (const reference of ['мимо мимо мимо мимо мимо', 'раз два']) {
      await editLabels(db.scorer, competition.id, [{ id: 'u1', reference }], act);
      const { id } = await requestRescore(db.scorer, competition.id, null);
      await runRescore(db.scorer, withoutThreads, id);
    }
    await applyDraft(db.scorer, competition.id, act, findTies);
    const corrected = await nowOf(competition);
    const after = await foundAnew(corrected, ids);
    expect(after.systems, '(control) the correction changes them').not.toEqual(before.systems);
    expect((await findTies(db.scorer, corrected, ids))?.classes).toEqual(after.classes);
    expect((await kept(corrected, ids)).systems).toEqual(after.systems);
  });
});
