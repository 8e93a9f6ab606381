import type { Competition } from '#lib/competition.ts';
import type { Database } from '#lib/db/client.ts';
import { recordScores, type Scored } from '#lib/db/score-records.ts';
import { type Claim, claimSubmission } from '#lib/db/scoring.ts';
import { createSubmission, type SubmissionRow, type Upload } from '#lib/db/submissions.ts';
import type { Team } from '#lib/db/teams.ts';
import { findTies } from '#scoring/board-ties.ts';
import { beginNextSubmission } from '#scoring/jobs/score-submission.ts';
import { prepareSplit, scoreSent } from '#scoring/score.ts';
import type { Scorer } from '#scoring/score-in-thread.ts';
import {
  aCompetition,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  type TestUser,
  type TestUtterance,
  tenUtterances,
} from './builders.ts';
import type { TestDatabase } from './db.ts';

export type Contest = { competition: Competition; team: Team; author: TestUser };

/** An open competition over ten utterances unless given, with a team of one. */
export async function aContest(
  db: TestDatabase,
  given: Parameters<typeof aCompetition>[1] = {},
  split: readonly TestUtterance[] = tenUtterances,
): Promise<Contest> {
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner, given), split);
  const { team, people } = await aTeam(db.owner, competition);
  return { competition, team, author: people[0]! };
}

/** Sends a file with so many wrong words, the first of them on the public fold (25 words). */
export async function send(
  db: TestDatabase,
  { competition, author }: Pick<Contest, 'competition' | 'author'>,
  wrong: number,
  given: Partial<Upload> = {},
): Promise<SubmissionRow> {
  const bytes = aPredictionsFile(tenUtterances, wrong);
  return (await createSubmission(db.web, anUpload(competition, author, { bytes, ...given }))).submission;
}

/** As the worker's threads score, without them. */
export const withoutThreads: Scorer = {
  score: async (request) => scoreSent(prepareSplit(await request.references()), request),
  close: async () => {},
};

/** Scores what waits first and writes it before anything else is begun; false where nothing waits. */
export async function scoreNext(scorer: Database, threads: Scorer = withoutThreads): Promise<boolean> {
  const record = async (scored: Scored) =>
    (await recordScores(scorer, scored.claim.competitionId, [scored], findTies))[0]!;
  const next = await beginNextSubmission(scorer, threads, record);
  await next?.recorded;
  return next !== null;
}

/** Scores all that waits, one after another. */
export async function scoreAll(db: TestDatabase): Promise<void> {
  while (await scoreNext(db.scorer));
}

/** Claims until the one asked for comes up. */
export async function claimOf(db: TestDatabase, submissionId: string): Promise<Claim> {
  for (;;) {
    const claim = await claimSubmission(db.scorer, 60);
    if (claim === null) throw new Error(`submission ${submissionId} never came up`);
    if (claim.submissionId === submissionId) return claim;
  }
}
