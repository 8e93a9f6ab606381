import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { listCandidatesByTeam } from '#lib/db/finals.ts';
import type { AuditedFile } from '#lib/db/label-audit-jobs.ts';
import { teamComparisons, teamPairs } from '#lib/db/schema.ts';
import type { TeamComparison } from '#lib/db/team-comparisons.ts';
import { claimed, failed, isFree, isHeld, leaseFrom } from '#lib/db/work-claims.ts';
import type { PairEvidence, PairExample } from '#lib/evidence.ts';
import { chooseFinals } from '#lib/finals.ts';

/*
 * The worker's side of a comparison of teams, claimed as work-claims.ts says.
 */

/** Takes a comparison that nobody works on; null if somebody does, or it is over. */
export async function claimComparison(
  db: Connection,
  id: string,
  leaseSeconds: number,
): Promise<TeamComparison | null> {
  const rows = await db
    .update(teamComparisons)
    .set(claimed(teamComparisons, leaseSeconds))
    .where(isFree(teamComparisons, id))
    .returning();
  return rows[0] ?? null;
}

/** Keeps the claim alive; false if it is another attempt's by now. */
export async function renewComparison(db: Connection, claim: TeamComparison, leaseSeconds: number): Promise<boolean> {
  const rows = await db
    .update(teamComparisons)
    .set({ leaseUntil: leaseFrom(leaseSeconds) })
    .where(isHeld(teamComparisons, claim))
    .returning({ id: teamComparisons.id });
  return rows.length > 0;
}

export type ComparedTeam = { teamId: string; submissionId: string; format: string | null };

/**
 * Of each team that is not disbanded the entry that is compared: among those that would count if it closed now the one with fewest errors
 * on test under the labels in force, the earlier of equals. By the team's id.
 */
export async function listComparedTeams(db: Connection, competitionId: string): Promise<ComparedTeam[]> {
  const candidates = await listCandidatesByTeam(db, competitionId);
  const counted = [...candidates.values()].flatMap((each) => chooseFinals(each).counted);
  const { rows } = await db.execute<ComparedTeam>(sql`
    select distinct on (s.team_id) s.team_id as "teamId", s.id as "submissionId", s.format
    from submissions s
    join teams t on t.id = s.team_id and t.kind = 'team'
    join competitions c on c.id = s.competition_id
    join lateral (
      select sum(n.substitutions + n.deletions + n.insertions) as errors from hidden.counts n
      where n.submission_id = s.id and n.label_version = c.label_version) n on n.errors is not null
    where s.id = any(${sql.param(counted.map(({ submissionId }) => submissionId))}::uuid[])
    order by s.team_id, n.errors, s.sequence`);
  return rows;
}

/** What anybody may build on: the baseline's files of test, and what organisers brought for audits. */
export async function listKnownSystems(db: Connection, competitionId: string): Promise<AuditedFile[]> {
  const { rows } = await db.execute<AuditedFile>(sql`
    select 'submission' as kind, s.id, s.format from submissions s join teams t on t.id = s.team_id and t.kind = 'baseline'
    where s.competition_id = ${competitionId} and s.split = 'test' and s.state = 'scored' and s.voided_at is null
    union all
    select 'file', o.id, o.format from hidden.audit_outputs o
    where o.competition_id = ${competitionId} and o.removed_at is null`);
  return rows;
}

/** A file that more teams than these sent is something that was handed around, such as a sample. */
const mostSenders = 3;

/**
 * Pairs of teams, in the order of their ids, of whose files of test, of whatever time, some are the same to the byte. Files without a right
 * word, as samples are, and those of the baseline say nothing.
 */
export async function listSameBytes(db: Connection, competitionId: string): Promise<Set<string>> {
  const { rows } = await db.execute<{ first: string; second: string }>(sql`
    with sent as (
      select s.id, s.team_id, s.sha256, t.kind from submissions s join teams t on t.id = s.team_id
      where s.competition_id = ${competitionId} and s.split = 'test'
    ), alike as (
      select sha256 from sent group by sha256
      having count(distinct team_id) between 2 and ${mostSenders} and bool_and(kind = 'team')
        and bool_or(exists (select from hidden.counts n where n.submission_id = sent.id and n.hits > 0))
    )
    select distinct a.team_id as first, b.team_id as second
    from alike join sent a using (sha256) join sent b using (sha256) where a.team_id < b.team_id`);
  return new Set(rows.map(({ first, second }) => `${first} ${second}`));
}

/** `sides` in the order of the teams' ids. */
export type FoundPair = {
  sides: readonly [ComparedTeam, ComparedTeam];
  figures: PairEvidence;
  examples: readonly PairExample[];
};
export type ComparisonFindings = { teams: number; knownSystems: number; pairs: readonly FoundPair[] };

/** Ends the comparison with what it found, in place of what the one before had; false where it is another attempt's by now. */
export async function recordComparison(
  db: Connection,
  claim: TeamComparison,
  { pairs, ...counts }: ComparisonFindings,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .update(teamComparisons)
      .set({ state: 'done', ...counts, leaseUntil: null, finishedAt: sql`rostrum_now()` })
      .where(isHeld(teamComparisons, claim))
      .returning({ id: teamComparisons.id });
    if (rows.length === 0) return false;
    await tx.execute(sql`
      delete from hidden.team_pairs p using hidden.team_comparisons c
      where c.id = p.comparison_id and c.competition_id = ${claim.competitionId}`);
    if (pairs.length > 0) await tx.insert(teamPairs).values(pairs.map((pair, place) => rowOf(claim, pair, place)));
    return true;
  });
}

function rowOf({ id: comparisonId }: TeamComparison, { sides: [a, b], figures, examples }: FoundPair, place: number) {
  const sides = {
    firstTeam: a.teamId,
    secondTeam: b.teamId,
    firstSubmission: a.submissionId,
    secondSubmission: b.submissionId,
  };
  return { comparisonId, place, ...sides, figures, examples: [...examples] };
}

/** `failure` is a code with a sentence: `evidence.failure-…`. */
export async function recordComparisonFailed(db: Connection, claim: TeamComparison, failure: string): Promise<void> {
  await db.update(teamComparisons).set(failed(failure)).where(isHeld(teamComparisons, claim));
}
