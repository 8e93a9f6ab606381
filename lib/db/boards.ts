import { and, desc, eq, lte, sql } from 'drizzle-orm';
import {
  type BoardRow,
  type BoardTeam,
  boardRows,
  changesAgainAt,
  type EntriesByTeam,
  placeTeams,
  readSnapshot,
  type Snapshot,
  type Standing,
  showsSamePlaces,
  type TestedPlaces,
  type TieMethod,
  withTies,
  writeSnapshot,
} from '#lib/board.ts';
import { type Competition, isFrozen } from '#lib/competition.ts';
import { forgetEntries, keepEntries, listTeams, readEntries, readEntriesSince } from '#lib/db/board-entries.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
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

/** The SHA-256 of a stored board as it is served, in hexadecimal; the empty text where there is none of this version. */
export async function hashOfBoard(db: Connection, competitionId: string, version: number): Promise<string> {
  const rows = await db
    .select({ sha256: sql<string>`encode(sha256(convert_to(${boardSnapshots.body}, 'UTF8')), 'hex')` })
    .from(boardSnapshots)
    .where(and(eq(boardSnapshots.competitionId, competitionId), eq(boardSnapshots.version, version)));
  return rows[0]?.sha256 ?? '';
}

/** Competitions that have a board, to draw what may have been asked for while nobody listened. */
export async function listBoards(db: Connection): Promise<string[]> {
  const rows = await db.selectDistinct({ id: boardSnapshots.competitionId }).from(boardSnapshots);
  return rows.map(({ id }) => id);
}

/**
 * Tests the counted submissions of ranked places, best first, on the public fold; null where it cannot. The scoring side brings it
 * (scoring/board-ties.ts): statistics live there. Without a method it is today's; a replay names that of the snapshot.
 */
export type FindTies = (
  tx: Connection,
  competition: Competition,
  submissionIds: readonly string[],
  method?: TieMethod,
) => Promise<TestedPlaces | null>;

/**
 * Makes the next snapshot, unless nothing on it changed or the board stands still; returns its version or null. Part of the
 * transaction that changed something. The competition's row is locked, so that versions follow one another and no window moves
 * meanwhile. Where scores of some teams alone have changed, naming them saves reading all others.
 */
export async function createSnapshot(
  tx: Connection,
  competitionId: string,
  findTies: FindTies,
  changedTeamIds?: readonly string[],
): Promise<number | null> {
  const competition = await lockCompetition(tx, competitionId);
  const now = await readClock(tx);
  const newest = await findNewest(tx, competitionId);
  const frozen = isFrozen(competition, now);
  if (frozen && newest?.frozen) return null;
  const at = new Date(Math.max(Number(frozen ? competition.freezesAt : now), Number(newest?.at ?? 0)));
  const before = newest && readSnapshot(newest.body);
  // A freeze may lie before entries that were shown already.
  const teamIds = frozen ? undefined : changedTeamIds;
  const entries =
    newest === null || teamIds === undefined
      ? await readEntries(tx, competition, at)
      : await readEntriesSince(tx, competition, { until: at, body: newest.body, teamIds });
  const board = await drawFrom(tx, competition, await readInputs(tx, competition, entries), { at, before, findTies });
  if (before === null && board.rows.length === 0) return null;
  if (before?.frozen === frozen && JSON.stringify(before.rows) === JSON.stringify(board.rows)) {
    forgetEntries(competitionId);
    return null;
  }
  const version = (newest?.version ?? 0) + 1;
  const body = writeSnapshot({ version, at: at.toISOString(), frozen, ...board });
  keepEntries(competition, body, entries, teamIds === undefined);
  await tx.insert(boardSnapshots).values({ competitionId, version, at, frozen, body });
  await announce(tx, competitionId);
  return version;
}

/** `before` is the snapshot that this one follows; its ties stand as long as its places and numbers do. */
export type Drawing = { at: Date; before: Snapshot | null; findTies: FindTies };

/** The board from what was published by `at`, from scratch but for ties. Teams without a scored entry have no row. */
export async function drawSnapshot(
  tx: Connection,
  competition: Competition,
  drawing: Drawing,
): Promise<Pick<Snapshot, 'ties' | 'rows'>> {
  const entries = await readEntries(tx, competition, drawing.at);
  return drawFrom(tx, competition, await readInputs(tx, competition, entries), drawing);
}

/** The rows of that board without its ties. */
export async function drawBoard(tx: Connection, competition: Competition, at: Date): Promise<BoardRow[]> {
  const entries = await readEntries(tx, competition, at);
  return boardRows(placeAll(await readInputs(tx, competition, entries)), at);
}

/** Everything that a board is drawn from beside its competition and the board before it. */
export type BoardInputs = { teams: readonly BoardTeam[]; entries: EntriesByTeam };

/** The board of these inputs: as it was drawn, also where they are those of long ago (board-replay.ts). */
export async function drawFrom(
  tx: Connection,
  competition: Competition,
  inputs: BoardInputs,
  { at, before, findTies }: Drawing,
): Promise<Pick<Snapshot, 'ties' | 'rows'>> {
  const placed = placeAll(inputs);
  const rows = boardRows(placed, at);
  if (before !== null && before.ties !== null && showsSamePlaces(before.rows, rows)) {
    const tied = new Map(before.rows.map((row) => [row.teamId, row.tied]));
    return { ties: before.ties, rows: rows.map((row) => ({ ...row, tied: tied.get(row.teamId) ?? null })) };
  }
  const counted = placed.flatMap(({ rank, best }) => (rank === null || best === null ? [] : [best.submissionId]));
  const tested = counted.length < 2 ? null : await findTies(tx, competition, counted);
  return tested === null ? { ties: null, rows } : { ties: tested.test, rows: withTies(rows, tested.classes) };
}

async function readInputs(tx: Connection, competition: Competition, entries: EntriesByTeam): Promise<BoardInputs> {
  return { teams: await listTeams(tx, competition.id), entries };
}

function placeAll({ teams, entries }: BoardInputs): Standing[] {
  return placeTeams(
    teams.filter((team) => entries.has(team.id)),
    entries,
  );
}

/**
 * Competitions whose newest snapshot has been overtaken by time alone: the board froze or thawed, or a change "since
 * yesterday" is older than a day.
 */
export async function listOverdueBoards(db: Connection): Promise<string[]> {
  const now = await readClock(db);
  const newest = db
    .select({ body: boardSnapshots.body })
    .from(boardSnapshots)
    .where(eq(boardSnapshots.competitionId, competitions.id))
    .orderBy(desc(boardSnapshots.version))
    .limit(1)
    .as('newest');
  const rows = await db
    .select({ competition: competitions, body: newest.body })
    .from(competitions)
    .innerJoinLateral(newest, sql`true`);
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
    body: writeSnapshot({ version: 0, at: at.toISOString(), frozen: false, ties: null, rows: [] }),
  };
}
