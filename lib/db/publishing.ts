import { eq, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import type { ErrorCounts } from '#lib/counts.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { competitions, ladderThresholds, publishedScores } from '#lib/db/schema.ts';
import { type Fold, findErrorsOnFold, getFold } from '#lib/db/utterance-errors.ts';
import { foldLadder, type LadderStart, ladderThreshold } from '#lib/ladder.ts';
import { publicScore, rateInterval, type Verdict } from '#lib/scores.ts';

/*
 * What a team may see of its submissions on test: made of the exact counts under the label version in force, by the competition's
 * policy. Only the scoring side can call this.
 */

/**
 * Brings the published scores of all submissions on test, or those of some teams, up to date; what would not change is not touched
 * and keeps its instant. Part of the transaction that changed counts, labels or the policy, before the board is drawn. Under the
 * policy "ladder" every team climbs anew from the baseline that was handed in last, so a team named that is the baseline stands
 * for all.
 */
export async function publishScores(tx: Connection, competitionId: string, teamIds?: readonly string[]): Promise<void> {
  const competition = one(
    await tx.select().from(competitions).where(eq(competitions.id, competitionId)),
    'competition',
    competitionId,
  );
  const baseline = await listExact(tx, competition, sql`t.kind = 'baseline'`);
  const isOfAll = teamIds === undefined || baseline.some((row) => teamIds.includes(row.teamId));
  const isLadder = competition.policy === 'ladder';
  const teams = isOfAll && (teamIds === undefined || isLadder);
  const chosen = teams ? sql`t.kind = 'team'` : sql`t.kind = 'team' and t.id = any(${sql.param(teamIds)}::uuid[])`;
  const others = await listExact(tx, competition, chosen);
  const verdicts = isLadder ? await climb(tx, competition, baseline, others) : new Map<string, Verdict>();
  const now = await readClock(tx);
  const shown = [...(isOfAll ? baseline : []), ...others].map((row) => ({
    row,
    score: published(row, verdicts.get(row.submissionId) ?? null, isLadder),
  }));
  const changed = shown.filter(({ row, score }) => !isSame(row.known, score)).map(({ score }) => score);
  await write(tx, changed, now);
}

/**
 * Whether scores have to be published anew though no count has changed: the policy has, a file was voided or restored, or some
 * wait. Far cheaper than publishing, where nothing has.
 */
export async function isPublishedOtherwise(tx: Connection, { id, policy }: Competition): Promise<boolean> {
  const isOtherwise =
    policy === 'open'
      ? sql`p.verdict is not null`
      : sql`p.verdict is not distinct from 'waiting'
          or t.kind = 'team' and not s.late and (s.voided_at is null) = (p.verdict is null)
          or t.kind = 'baseline' and s.voided_at is not null`;
  const { rows } = await tx.execute(sql`
    select from submissions s
    join teams t on t.id = s.team_id
    join published_scores p on p.submission_id = s.id
    where s.competition_id = ${id} and s.split = 'test' and s.state = 'scored' and (${isOtherwise})
    limit 1`);
  return rows.length > 0;
}

type Stamp = { labelVersion: number; scorerVersion: string; profile: string; profileHash: string | null };
type Shown = Stamp & {
  werPermille: number | null;
  intervalLowPermille: number | null;
  intervalHighPermille: number | null;
  verdict: Verdict | null;
};
/** Exact counts of a submission on the public fold, and what is published of it so far. */
type Exact = Stamp & {
  submissionId: string;
  teamId: string;
  isBaseline: boolean;
  late: boolean;
  voided: boolean;
  counts: ErrorCounts;
  standardError: number | null;
  known: Shown | null;
};

/** In order of arrival. Where several scorers counted a submission, the newest holds. */
async function listExact(
  tx: Connection,
  { id, labelVersion }: Competition,
  which: ReturnType<typeof sql>,
): Promise<Exact[]> {
  const { rows } = await tx.execute<Exact>(sql`
    select * from (
      select distinct on (s.id) s.id as "submissionId", s.team_id as "teamId", t.kind = 'baseline' as "isBaseline",
        s.late, s.voided_at is not null as voided, s.received_at,
        c.label_version as "labelVersion", c.scorer_version as "scorerVersion", c.profile, c.profile_hash as "profileHash",
        c.standard_error as "standardError",
        json_build_object('hits', c.hits, 'substitutions', c.substitutions, 'deletions', c.deletions,
          'insertions', c.insertions) as counts,
        case when p.submission_id is not null then json_build_object('labelVersion', p.label_version,
          'scorerVersion', p.scorer_version, 'profile', p.profile, 'profileHash', p.profile_hash,
          'werPermille', p.wer_permille, 'intervalLowPermille', p.interval_low_permille,
          'intervalHighPermille', p.interval_high_permille, 'verdict', p.verdict) end as known
      from submissions s
      join teams t on t.id = s.team_id
      join hidden.counts c on c.submission_id = s.id and c.fold = 'public' and c.label_version = ${labelVersion}
      left join published_scores p on p.submission_id = s.id
      where s.competition_id = ${id} and s.split = 'test' and s.state = 'scored' and ${which}
      order by s.id, c.scored_at desc, c.scorer_version desc) exact
    order by received_at, "submissionId"`);
  return rows;
}

/** On the ladder a file that does not climb shows nothing, nor does one that was taken out of it; late ones are no part of it. */
function published(row: Exact, verdict: Verdict | null, isLadder: boolean): Shown & { submissionId: string } {
  const { submissionId, labelVersion, scorerVersion, profile, profileHash, counts, standardError } = row;
  const isOpen = !isLadder || row.isBaseline || row.late || verdict === 'improvement';
  const score = isOpen ? publicScore(counts, rateInterval(counts, standardError)) : null;
  return {
    ...{ submissionId, labelVersion, scorerVersion, profile, profileHash, verdict },
    werPermille: score?.werPermille ?? null,
    intervalLowPermille: score?.intervalPermille?.[0] ?? null,
    intervalHighPermille: score?.intervalPermille?.[1] ?? null,
  };
}

const shownKeys = [
  'labelVersion',
  'scorerVersion',
  'profile',
  'profileHash',
  'werPermille',
  'intervalLowPermille',
  'intervalHighPermille',
  'verdict',
] as const satisfies readonly (keyof Shown)[];

function isSame(known: Shown | null, score: Shown): boolean {
  return known !== null && shownKeys.every((key) => known[key] === score[key]);
}

/** Rows that one statement takes. */
const batch = 1000;

async function write(tx: Connection, scores: (Shown & { submissionId: string })[], publishedAt: Date): Promise<void> {
  const excluded = (column: string) => sql.raw(`excluded.${column}`);
  for (let from = 0; from < scores.length; from += batch) {
    await tx
      .insert(publishedScores)
      .values(scores.slice(from, from + batch).map((score) => ({ ...score, publishedAt })))
      .onConflictDoUpdate({
        target: publishedScores.submissionId,
        set: {
          labelVersion: excluded('label_version'),
          scorerVersion: excluded('scorer_version'),
          profile: excluded('profile'),
          profileHash: excluded('profile_hash'),
          werPermille: excluded('wer_permille'),
          intervalLowPermille: excluded('interval_low_permille'),
          intervalHighPermille: excluded('interval_high_permille'),
          verdict: excluded('verdict'),
          publishedAt: excluded('published_at'),
        },
      });
  }
}

/** The verdicts, with the threshold that is stated kept beside them. */
async function climb(
  tx: Connection,
  competition: Competition,
  baseline: readonly Exact[],
  entries: readonly Exact[],
): Promise<Map<string, Verdict>> {
  const { start, verdicts } = await climbLadder(tx, competition, baseline, entries);
  await writeThreshold(tx, competition.id, start && ladderThreshold(start));
  return verdicts;
}

/** What a ladder needs to know of an entry: late ones and voided ones take no part. */
export type LadderRow = Pick<Exact, 'submissionId' | 'teamId' | 'late' | 'voided'>;

/**
 * What the ladder says of each entry, team by team, from the baseline that was handed in last on; and where that begins, null while no
 * baseline is counted. Rows are in the order of arrival.
 */
export async function climbLadder(
  tx: Connection,
  { id, labelVersion }: Pick<Competition, 'id' | 'labelVersion'>,
  baseline: readonly LadderRow[],
  entries: readonly LadderRow[],
): Promise<{ start: LadderStart | null; verdicts: Map<string, Verdict> }> {
  const fold = await getFold(tx, id, labelVersion, 'public');
  const start = await findStart(tx, fold, labelVersion, baseline);
  const verdicts = new Map<string, Verdict>();
  for (const ids of climbers(entries).values()) {
    const errors = start && (await findErrorsOnFold(tx, fold, labelVersion, ids));
    const isComplete = errors !== null && ids.every((each) => errors.has(each));
    const climbs = isComplete
      ? foldLadder(
          start!,
          ids.map((each) => errors.get(each)!),
        )
      : null;
    ids.forEach((each, i) => {
      verdicts.set(each, climbs === null ? 'waiting' : climbs[i] ? 'improvement' : 'no-improvement');
    });
  }
  return { start, verdicts };
}

/** The submissions of each team that take part, in their order. */
function climbers(entries: readonly LadderRow[]): Map<string, string[]> {
  const byTeam = new Map<string, string[]>();
  for (const { submissionId, teamId } of entries.filter(isInTime)) {
    byTeam.set(teamId, [...(byTeam.get(teamId) ?? []), submissionId]);
  }
  return byTeam;
}

function isInTime({ late, voided }: LadderRow): boolean {
  return !late && !voided;
}

async function findStart(
  tx: Connection,
  fold: Fold,
  labelVersion: number,
  baseline: readonly LadderRow[],
): Promise<LadderStart | null> {
  const pinned = baseline.findLast(isInTime);
  if (pinned === undefined) return null;
  const errors = await findErrorsOnFold(tx, fold, labelVersion, [pinned.submissionId]);
  const own = errors.get(pinned.submissionId);
  return own === undefined ? null : { baseline: own, unitOf: fold.unitOf };
}

async function writeThreshold(tx: Connection, competitionId: string, permille: number | null): Promise<void> {
  if (permille === null) {
    await tx.delete(ladderThresholds).where(eq(ladderThresholds.competitionId, competitionId));
    return;
  }
  await tx
    .insert(ladderThresholds)
    .values({ competitionId, permille })
    .onConflictDoUpdate({ target: ladderThresholds.competitionId, set: { permille } });
}
