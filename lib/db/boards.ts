import { and, desc, eq, lte, sql } from 'drizzle-orm';
import {
  type BoardEntry,
  type BoardRow,
  type BoardTeam,
  boardRows,
  changesAgainAt,
  readSnapshot,
  writeSnapshot,
} from '#lib/board.ts';
import { type Competition, isFrozen } from '#lib/competition.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { announce } from '#lib/db/live.ts';
import { boardSnapshots, competitions } from '#lib/db/schema.ts';

/*
 * Snapshots of the public board: what page, JSON, CSV and events serve, and nothing else. Only the scoring side makes them.
 */

/** `body` is the JSON as served (lib/board.ts reads it). Version 0 stands for a board on which nothing has been scored yet. */
export type StoredBoard = { version: number; at: Date; frozen: boolean; body: string };

export async function getBoard(db: Connection, competition: Competition): Promise<StoredBoard> {
  return (await findNewest(db, competition.id)) ?? emptyBoard(competition);
}

/** The board as it stood at an instant; null before its first score. */
export async function findBoardAt(db: Connection, competitionId: string, at: Date): Promise<StoredBoard | null> {
  const rows = await db
    .select()
    .from(boardSnapshots)
    .where(and(eq(boardSnapshots.competitionId, competitionId), lte(boardSnapshots.at, at)))
    .orderBy(desc(boardSnapshots.version))
    .limit(1);
  return rows[0] ?? null;
}

/** Competitions that have a board, to draw what may have been asked for while nobody listened. */
export async function listBoards(db: Connection): Promise<string[]> {
  const rows = await db.selectDistinct({ id: boardSnapshots.competitionId }).from(boardSnapshots);
  return rows.map(({ id }) => id);
}

/**
 * Makes the next snapshot, unless nothing on it changed or the board stands still; returns its version or null. Part of the
 * transaction that changed something. The competition's row is locked, so that versions follow one another and no window moves
 * meanwhile.
 */
export async function createSnapshot(tx: Connection, competitionId: string): Promise<number | null> {
  const competition = one(
    await tx.select().from(competitions).where(eq(competitions.id, competitionId)).for('no key update'),
    'competition',
    competitionId,
  );
  const now = await readClock(tx);
  const newest = await findNewest(tx, competitionId);
  const frozen = isFrozen(competition, now);
  if (frozen && newest?.frozen) return null;
  const at = new Date(Math.max(Number(frozen ? competition.freezesAt : now), Number(newest?.at ?? 0)));
  const rows = await drawBoard(tx, competition, at);
  if (newest === null && rows.length === 0) return null;
  const version = (newest?.version ?? 0) + 1;
  const body = writeSnapshot({ version, at: at.toISOString(), frozen, rows });
  if (newest?.frozen === frozen && JSON.stringify(readSnapshot(newest.body).rows) === JSON.stringify(rows)) return null;
  await tx.insert(boardSnapshots).values({ competitionId, version, at, frozen, body });
  await announce(tx, competitionId);
  return version;
}

/** The rows of the board from what was published by `at`, from scratch. Teams without a scored entry have no row. */
export async function drawBoard(tx: Connection, competition: Competition, at: Date): Promise<BoardRow[]> {
  const entries = await listEntries(tx, competition, at);
  const withEntries = new Set(entries.map((entry) => entry.teamId));
  const teams = await listTeams(tx, competition.id);
  return boardRows(
    teams.filter((team) => withEntries.has(team.id)),
    entries,
    at,
  );
}

/**
 * Competitions whose newest snapshot has been overtaken by time alone: the board froze or thawed, or a change "since
 * yesterday" is older than a day.
 */
export async function listOverdueBoards(db: Connection): Promise<string[]> {
  const now = await readClock(db);
  const rows = await db
    .select({ competition: competitions, body: boardSnapshots.body })
    .from(competitions)
    .innerJoin(boardSnapshots, eq(boardSnapshots.competitionId, competitions.id))
    .where(
      sql`${boardSnapshots.version} = (select max(version) from board_snapshots b where b.competition_id = ${competitions.id})`,
    );
  return rows
    .filter(({ competition, body }) => isOverdue(competition, body, now))
    .map(({ competition }) => competition.id);
}

function isOverdue(competition: Competition, body: string, now: Date): boolean {
  const snapshot = readSnapshot(body);
  const frozen = isFrozen(competition, now);
  if (snapshot.frozen !== frozen) return true;
  if (frozen) return false;
  const next = changesAgainAt(snapshot);
  return next !== null && next <= now;
}

async function findNewest(db: Connection, competitionId: string): Promise<StoredBoard | null> {
  const rows = await db
    .select()
    .from(boardSnapshots)
    .where(eq(boardSnapshots.competitionId, competitionId))
    .orderBy(desc(boardSnapshots.version))
    .limit(1);
  return rows[0] ?? null;
}

function emptyBoard(competition: Competition): StoredBoard {
  const at = competition.submissionsStartAt;
  return {
    version: 0,
    at,
    frozen: false,
    body: writeSnapshot({ version: 0, at: at.toISOString(), frozen: false, rows: [] }),
  };
}

async function listTeams(tx: Connection, competitionId: string): Promise<BoardTeam[]> {
  const { rows } = await tx.execute<BoardTeam>(sql`
    select t.id, t.name, t.kind, t.is_guest as "isGuest", t.is_demo as "isDemo",
      (select count(*)::integer from team_members m where m.team_id = t.id) as members
    from teams t
    where t.competition_id = ${competitionId} and t.disbanded_at is null`);
  return rows;
}

/**
 * What counts on the board: entries on the test split, in time and not voided, whose score under the competition's label
 * version was published by `until`.
 */
async function listEntries(tx: Connection, competition: Competition, until: Date): Promise<BoardEntry[]> {
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
      and not s.late and s.voided_at is null
      and p.label_version = ${competition.labelVersion} and p.published_at <= ${until}`);
  return rows.map(({ wer, low, high, receivedAt, ...entry }) => ({
    ...entry,
    receivedAt: new Date(receivedAt),
    score:
      wer === null ? null : { werPermille: wer, intervalPermille: low === null || high === null ? null : [low, high] },
  }));
}
