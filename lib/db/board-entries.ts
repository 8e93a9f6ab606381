import { desc, eq, sql } from 'drizzle-orm';
import { type BoardEntry, type BoardTeam, type EntriesByTeam, groupEntries } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { boardSnapshots } from '#lib/db/schema.ts';

/*
 * What boards are drawn from. A worker keeps the entries of the boards that it drew last: new scores then take those of their
 * teams to be read, whatever the others have handed in.
 */

/** The entries that a board shows, known by its text. */
type Kept = {
  body: string;
  labelVersion: number;
  policy: Competition['policy'];
  readAt: number;
  entries: EntriesByTeam;
};

const kept = new Map<string, Kept>();
const mostKept = 4;
/** Beyond, they are read anew, as a precaution. */
const longestKeptMs = 300_000;

/** All entries that were published by `until`. */
export async function readEntries(tx: Connection, competition: Competition, until: Date): Promise<EntriesByTeam> {
  return groupEntries(await listEntries(tx, competition, until));
}

/**
 * The same, where only entries of `teamIds` have changed since the board of text `body`: the others are those that the board showed,
 * if this process knows them.
 */
export async function readEntriesSince(
  tx: Connection,
  competition: Competition,
  { until, body, teamIds }: { until: Date; body: string; teamIds: readonly string[] },
): Promise<EntriesByTeam> {
  const { id, labelVersion, policy } = competition;
  const known = kept.get(id);
  const isCurrent = known?.body === body && known.labelVersion === labelVersion && known.policy === policy;
  if (!isCurrent || performance.now() - known.readAt > longestKeptMs) return readEntries(tx, competition, until);
  if (await hasOthersChanged(tx, id, teamIds)) return readEntries(tx, competition, until);
  const changed = groupEntries(await listEntries(tx, competition, until, teamIds));
  const others = [...known.entries].filter(([team]) => !teamIds.includes(team));
  return new Map([...others, ...changed]);
}

/**
 * Whether entries of yet another team have changed since the newest board: a file of theirs was voided, and nobody has drawn it yet. The
 * number comes first and by itself: within one query it would be guessed that a third of all inputs are newer.
 */
async function hasOthersChanged(tx: Connection, competitionId: string, teamIds: readonly string[]): Promise<boolean> {
  const newest = await tx
    .select({ through: boardSnapshots.inputsThrough })
    .from(boardSnapshots)
    .where(eq(boardSnapshots.competitionId, competitionId))
    .orderBy(desc(boardSnapshots.version))
    .limit(1);
  const { rows } = await tx.execute(sql`
    select from hidden.board_inputs
    where competition_id = ${competitionId} and id > ${newest[0]?.through ?? 0}
      and kind in ('voided', 'published') and body->>'teamId' <> all(${sql.param(teamIds)}::text[])
    limit 1`);
  return rows.length > 0;
}

/** Keeps what the board of text `body` was drawn from; `isRead` where all of it was read just now. */
export function keepEntries(
  { id, labelVersion, policy }: Competition,
  body: string,
  entries: EntriesByTeam,
  isRead: boolean,
): void {
  const readAt = isRead ? performance.now() : (kept.get(id)?.readAt ?? 0);
  kept.delete(id);
  kept.set(id, { body, labelVersion, policy, readAt, entries });
  for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest);
}

/** Whatever changed without being seen is read the next time. */
export function forgetEntries(competitionId: string): void {
  kept.delete(competitionId);
}

export async function listTeams(tx: Connection, competitionId: string): Promise<BoardTeam[]> {
  const { rows } = await tx.execute<BoardTeam>(sql`
    select t.id, t.name, t.kind, t.is_guest as "isGuest", t.is_demo as "isDemo",
      exists (select from eligibility_marks e where e.team_id = t.id and not e.is_ranked) as "isUnranked",
      (select count(*)::integer from team_members m where m.team_id = t.id) as members
    from teams t
    where t.competition_id = ${competitionId} and t.disbanded_at is null`);
  return rows;
}

/**
 * What counts on the board: entries on the test split, in time and not voided, whose score under the competition's label
 * version was published by `until`; of some teams, where they are named.
 */
async function listEntries(
  tx: Connection,
  competition: Competition,
  until: Date,
  teamIds?: readonly string[],
): Promise<BoardEntry[]> {
  const chosen = teamIds === undefined ? sql`true` : sql`s.team_id = any(${sql.param(teamIds)}::uuid[])`;
  const { rows } = await tx.execute<{
    submissionId: string;
    teamId: string;
    receivedAt: Date;
    errors: number;
    wer: number | null;
    low: number | null;
    high: number | null;
  }>(sql`
    select s.id as "submissionId", s.team_id as "teamId", s.received_at as "receivedAt",
      c.substitutions + c.deletions + c.insertions as errors,
      p.wer_permille as wer, p.interval_low_permille as low, p.interval_high_permille as high
    from submissions s
    join published_scores p on p.submission_id = s.id
    join hidden.counts c on c.submission_id = s.id and c.fold = 'public'
      and c.label_version = p.label_version and c.scorer_version = p.scorer_version
    where s.competition_id = ${competition.id} and s.split = 'test' and s.state = 'scored'
      and not s.late and s.voided_at is null and ${chosen}
      and p.label_version = ${competition.labelVersion} and p.published_at <= ${until}`);
  return rows.map(({ wer, low, high, receivedAt, ...entry }) => ({
    ...entry,
    receivedAt: new Date(receivedAt),
    score:
      wer === null ? null : { werPermille: wer, intervalPermille: low === null || high === null ? null : [low, high] },
  }));
}
