import type { TieTest } from '#lib/board.ts';
import { type Competition, isRevealed, phase } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { drawBoard } from '#lib/db/boards.ts';
import type { Connection } from '#lib/db/client.ts';
import {
  findStepToCome,
  listDueResults,
  listFinalTeams,
  lockForResult,
  recordResults,
} from '#lib/db/private-results.ts';
import { recordRevealCode } from '#lib/db/reveal-codes.ts';
import { findErrorsOnFold, getFold } from '#lib/db/utterance-errors.ts';
import { RefusedError } from '#lib/errors.ts';
import { type FinalTests, type PlacedTeam, placeFinals, type Results, resultRows, standingOf } from '#lib/finals.ts';
import type { RevealStep } from '#lib/reveal.ts';
import { bootstrapAllSystems } from '#scoring/all-systems.ts';
import { seedOf } from '#scoring/board-ties.ts';
import type { LabelReader } from '#scoring/desk/session.ts';
import { poolUnits } from '#scoring/kept-systems.ts';
import { separatePairs } from '#scoring/statistics/all-pairs.ts';
import { defaultResamples } from '#scoring/statistics/bootstrap.ts';
import { tieRuns } from '#scoring/statistics/ties.ts';

/*
 * The private result. It is computed in two cases only: the reveal has passed by the database's clock, or an organiser rehearses it,
 * which the log tells everybody afterwards. The one is stored, the other handed to who asked.
 */

/** Makes and stores what is due; returns how many results were stored. Any number of workers may try at once. */
export async function recordDueResults(db: Connection): Promise<number> {
  let stored = 0;
  for (const id of await listDueResults(db)) {
    stored += await db.transaction(async (tx) => {
      const { competition, now } = await lockForResult(tx, id);
      // Another worker may have made it, or an organiser moved the reveal, while this one waited for the lock.
      const isOver = ['revealing', 'revealed'].includes(phase(competition, now));
      const isDue = isOver && (await listDueResults(tx)).includes(id);
      if (!isDue) return 0;
      await recordResults(tx, competition, await compute(tx, competition, now));
      return 1;
    });
  }
  return stored;
}

/**
 * The result as it would be revealed now, for an organiser who rehearses: nothing is stored but that it was seen, by whom and why, in
 * the same transaction. Refuses with 'no-reason', and with 'already-revealed' once everybody sees it.
 */
export async function rehearseResults(
  db: Connection,
  { user, competition: { id } }: LabelReader,
  reason: string,
): Promise<Results> {
  if (reason.trim() === '') throw new RefusedError('no-reason', 422);
  return db.transaction(async (tx) => {
    const { competition, now } = await lockForResult(tx, id);
    if (isRevealed(competition, now)) throw new RefusedError('already-revealed', 409);
    const act = { actorId: user.id, competitionId: id, reason: reason.trim() };
    await recordEvent(tx, { ...act, kind: 'results-rehearsed', subject: id });
    return compute(tx, competition, now);
  });
}

/**
 * The result as it stands now, to be sealed under a code that only the scoring side keeps: nobody sees it by this. Refuses with
 * 'reveal-too-early' while files still come.
 */
export async function sealResults(
  db: Connection,
  competitionId: string,
  code: { id: string; code: string },
  act: { actorId: string },
): Promise<Results> {
  return db.transaction(async (tx) => {
    const { competition, now } = await lockForResult(tx, competitionId);
    if (now < competition.submissionsEndAt) throw new RefusedError('reveal-too-early', 409);
    await recordRevealCode(tx, competitionId, code, act);
    return compute(tx, competition, now);
  });
}

/** The step that a press would open, for an organiser's eyes; null before the instant of the reveal and when all are open. */
export async function findNextStep(db: Connection, { id }: Pick<Competition, 'id'>): Promise<RevealStep | null> {
  return findStepToCome(db, id);
}

async function compute(tx: Connection, competition: Competition, now: Date): Promise<Results> {
  const placed = placeFinals(await listFinalTeams(tx, competition));
  const tests = await testFinals(tx, competition, placed);
  const rows = resultRows(placed, tests);
  // What was frozen comes to light with the first step of the reveal.
  const standing = standingOf(await drawBoard(tx, competition, now), rows);
  return {
    at: now.toISOString(),
    labelVersion: competition.labelVersion,
    ties: tests.ties?.test ?? null,
    standing,
    rows,
  };
}

const untested: FinalTests = { ties: null, pValues: new Map() };

/**
 * Paired tests on the private fold, by unit: between ranked places all pairs together, as on the public board, and of each team
 * against the baseline. Nothing is tested with a single unit, or while a score is from before every utterance was kept.
 */
async function testFinals(
  tx: Connection,
  competition: Competition,
  placed: readonly PlacedTeam[],
): Promise<FinalTests> {
  const { id, labelVersion } = competition;
  const fold = await getFold(tx, id, labelVersion, 'private');
  const units = new Set(fold.unitOf).size;
  const ids = placed.map(({ final }) => final.submissionId);
  const errors = await findErrorsOnFold(tx, fold, labelVersion, ids);
  if (units < 2 || ids.length < 2 || ids.some((each) => !errors.has(each))) return untested;
  const test: TieTest = { method: 'all-pairs', units, seed: seedOf(id), resamples: defaultResamples };
  const systems = ids.map((each) => poolUnits(errors.get(each)!, fold, units));
  const { bootstrap } = await bootstrapAllSystems(systems, test);
  const baseline = placed.findIndex(({ team }) => team.kind === 'baseline');
  const pValues = new Map(
    ids.map((each, i) => [each, baseline < 0 || i === baseline ? null : bootstrap.pValue(i, baseline)]),
  );
  const ranked = [...placed.keys()].filter((i) => placed[i]!.place !== null);
  if (ranked.length < 2) return { ties: null, pValues };
  const isApart = separatePairs(
    ranked.map((i) => systems[i]!),
    ranked.map((i) => bootstrap.rates(i)),
  );
  return { ties: { classes: tieRuns(ranked.length, isApart), test }, pValues };
}
