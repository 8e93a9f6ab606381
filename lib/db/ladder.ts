import { and, count, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { ladderThresholds, publishedScores, submissions, teams } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import { thresholdAtTry } from '#lib/ladder.ts';

/*
 * What everybody may know of a competition's ladder.
 */

/**
 * By how much better than its best a team's next file has to be, about, in thousandths; without a team, its first. Null where nothing
 * is asked or known yet.
 */
export async function findLadderThreshold(
  db: Connection,
  { id, policy }: Pick<Competition, 'id' | 'policy'>,
  teamId?: string,
): Promise<number | null> {
  if (policy !== 'ladder') return null;
  const rows = await db.select().from(ladderThresholds).where(eq(ladderThresholds.competitionId, id));
  const first = rows[0]?.permille ?? null;
  return first === null || teamId === undefined ? first : thresholdAtTry(first, 1 + (await countTries(db, teamId)));
}

/** Files of the team that the ladder has judged. */
async function countTries(db: Connection, teamId: string): Promise<number> {
  const rows = await db
    .select({ tries: count() })
    .from(submissions)
    .innerJoin(publishedScores, eq(publishedScores.submissionId, submissions.id))
    .where(and(eq(submissions.teamId, teamId), isNotNull(publishedScores.verdict)));
  return rows[0]!.tries;
}

/** A ladder begins at the baseline: without a scored one a published competition of that policy is refused. */
export async function requireFirstRung(tx: Connection, competition: Competition): Promise<void> {
  if (competition.policy !== 'ladder' || competition.publishedAt === null) return;
  const scored = await tx
    .select({ id: submissions.id })
    .from(submissions)
    .innerJoin(teams, and(eq(teams.id, submissions.teamId), eq(teams.kind, 'baseline')))
    .innerJoin(publishedScores, eq(publishedScores.submissionId, submissions.id))
    .where(
      and(
        eq(submissions.competitionId, competition.id),
        eq(submissions.split, 'test'),
        eq(submissions.state, 'scored'),
        isNull(submissions.voidedAt),
        isNotNull(publishedScores.werPermille),
        eq(publishedScores.labelVersion, competition.labelVersion),
      ),
    )
    .limit(1);
  if (scored.length === 0) throw new RefusedError('ladder-without-baseline', 409);
}
