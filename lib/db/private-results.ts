import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import type { ErrorCounts } from '#lib/counts.ts';
import { listTeams } from '#lib/db/board-entries.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { listCandidatesByTeam } from '#lib/db/finals.ts';
import { announce } from '#lib/db/live.ts';
import { competitions, hiddenRevealSteps, resultSnapshots } from '#lib/db/schema.ts';
import { type CountedFinal, chooseFinals, type FinalTeam, type FoldResult, type Results } from '#lib/finals.ts';
import { type RevealStep, revealSteps } from '#lib/reveal.ts';
import { rateInterval } from '#lib/scores.ts';

/*
 * Private counts of finals, and the results made of them: nothing here may be called but by scoring/results.ts, which knows when
 * (tests/unit/architecture.test.ts). They stand in schema hidden: only the scoring side can.
 */

/** Every team that still is, with what its counting finals came to under the labels in force, by the newest scorer. */
export async function listFinalTeams(tx: Connection, competition: Competition): Promise<FinalTeam[]> {
  const candidates = await listCandidatesByTeam(tx, competition.id);
  const teams = (await listTeams(tx, competition.id)).map((team) => {
    const entries = candidates.get(team.id) ?? [];
    // Of the baseline the file that was pinned last counts, as on the board.
    const finals =
      team.kind === 'baseline' ? { reason: 'latest' as const, counted: entries.slice(-1) } : chooseFinals(entries);
    return { team, finals };
  });
  const ids = teams.flatMap(({ finals }) => finals.counted.map(({ submissionId }) => submissionId));
  const counts = await listCounts(tx, competition, ids);
  return teams.map(({ team, finals: { reason, counted } }) => ({
    ...team,
    reason,
    finals: counted.flatMap(({ submissionId, receivedAt }): CountedFinal[] => {
      const folds = counts.get(submissionId);
      return folds?.public && folds.private
        ? [{ submissionId, receivedAt, public: folds.public, private: folds.private }]
        : [];
    }),
  }));
}

type Folds = { public?: FoldResult; private?: FoldResult };

async function listCounts(
  tx: Connection,
  { labelVersion }: Competition,
  submissionIds: readonly string[],
): Promise<Map<string, Folds>> {
  type Row = ErrorCounts & { id: string; fold: 'public' | 'private'; standardError: number | null };
  const { rows } = await tx.execute<Row>(sql`
    select distinct on (submission_id, fold) submission_id as id, fold, hits, substitutions, deletions, insertions,
      standard_error as "standardError"
    from hidden.counts
    where label_version = ${labelVersion} and submission_id = any(${sql.param([...submissionIds])}::uuid[])
    order by submission_id, fold, scored_at desc, scorer_version desc`);
  const byId = new Map<string, Folds>();
  for (const { id, fold, standardError, ...counts } of rows) {
    byId.set(id, { ...byId.get(id), [fold]: foldResult(counts, standardError) });
  }
  return byId;
}

function foldResult(counts: ErrorCounts, standardError: number | null): FoldResult {
  const { hits, substitutions, deletions, insertions } = counts;
  return {
    errors: substitutions + deletions + insertions,
    words: hits + substitutions + deletions,
    interval: rateInterval(counts, standardError),
    standardError,
  };
}

/** What changes a result that has been made. */
const overtaking = [
  'labels-applied',
  'team-ranked',
  'team-unranked',
  'guest-marked',
  'guest-unmarked',
  'submission-voided',
  'submission-restored',
  'baseline-pinned',
] as const;

/**
 * Revealed competitions whose result is not made yet, or is overtaken by an act of the organisers. Not while a file that came in
 * time waits to be scored, nor before labels that a backup left out are given back.
 */
export async function listDueResults(db: Connection): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select c.id from competitions c
    left join lateral (select at from hidden.result_snapshots r where r.competition_id = c.id
      order by version desc limit 1) newest on true
    where c.published_at <= rostrum_now() and c.reveals_at <= rostrum_now() and exists (select from hidden.label_versions v where v.competition_id = c.id)
      and (newest.at is null or exists (select from events e where e.competition_id = c.id and e.at > newest.at
        and e.kind = any(${sql.param([...overtaking])}::text[])))
      and not exists (select from submissions s where s.competition_id = c.id and s.split = 'test' and not s.late
        and s.voided_at is null and s.state in ('queued', 'scoring'))`);
  return rows.map(({ id }) => id);
}

/** Whoever makes a result holds this: labels, marks and windows stand still meanwhile. */
export async function lockForResult(
  tx: Connection,
  competitionId: string,
): Promise<{ competition: Competition; now: Date }> {
  const { rows } = await tx.execute<{ id: string }>(
    sql`select id from competitions where id = ${competitionId} for no key update`,
  );
  one(rows, 'competition', competitionId);
  const found = await tx.select().from(competitions).where(sql`${competitions.id} = ${competitionId}`);
  return { competition: one(found, 'competition', competitionId), now: await readClock(tx) };
}

/** Keeps a result as the next version with the steps that reveal it, and tells everybody who looks. */
export async function recordResults(tx: Connection, { id }: Competition, results: Results): Promise<void> {
  const { rows } = await tx.execute<{ version: number }>(sql`
    select coalesce(max(version), 0)::integer + 1 as version from hidden.result_snapshots where competition_id = ${id}`);
  const { version } = one(rows, 'version', id);
  const { at, labelVersion } = results;
  await tx
    .insert(resultSnapshots)
    .values({ competitionId: id, version, labelVersion, at: new Date(at), body: JSON.stringify(results) });
  const steps = revealSteps(results);
  await tx.insert(hiddenRevealSteps).values(
    steps.map((body, step) => ({
      competitionId: id,
      resultVersion: version,
      step,
      isLast: step === steps.length - 1,
      body: JSON.stringify(body),
    })),
  );
  await announce(tx, id);
}

/** The first step that is not open yet, of the result that the reveal shows or would begin with; null before the reveal is due. */
export async function findStepToCome(db: Connection, competitionId: string): Promise<RevealStep | null> {
  const { rows } = await db.execute<{ body: string }>(sql`
    select s.body from hidden.reveal_steps s
    join competitions c on c.id = s.competition_id
    left join reveals r on r.competition_id = c.id
    where s.competition_id = ${competitionId} and c.published_at <= rostrum_now() and c.reveals_at <= rostrum_now()
      and s.result_version = coalesce(r.result_version,
        (select max(version) from hidden.result_snapshots v where v.competition_id = c.id))
      and s.step = coalesce(r.opened + 1, 0)`);
  const body = rows[0]?.body;
  if (body === undefined) return null;
  const step: RevealStep = JSON.parse(body);
  return step;
}
