import { type Cell, csv, withoutFormula } from '#lib/csv.ts';
import { byArrival, compareText } from '#lib/order.ts';
import type { PublicScore } from '#lib/scores.ts';

/*
 * The public board: scored entries in, ranked rows out. Order is that of exact error counts; what is shown is rounded. Pure, so
 * that a stored snapshot can be recomputed to the byte from the entries that were published when it was made.
 */

export type BoardTeam = {
  id: string;
  name: string;
  kind: 'team' | 'baseline';
  isGuest: boolean;
  /** Organisers found its method outside the rules. */
  isUnranked: boolean;
  isDemo: boolean;
  members: number;
};

/** A scored entry on the public fold. `errors` is S + D + I and never leaves the scoring side but as an order. */
export type BoardEntry = {
  submissionId: string;
  teamId: string;
  receivedAt: Date;
  errors: number;
  score: PublicScore | null;
};

/** One row as served. `wer`, `interval`, `change` and those of `history` are ratios in steps of 0.001; instants are ISO 8601. */
export type BoardRow = {
  /** 1, 1, 3 where errors are equal; null for the baseline, for guests, for who is not ranked and without a score. */
  rank: number | null;
  team: string;
  isBaseline: boolean;
  wer: number | null;
  interval: readonly [number, number] | null;
  /**
   * The number of the class of statistically tied places that this one is in, from 1 on, best first; null where it is alone in
   * its class, has no place, or no classes are formed.
   */
  tied: number | null;
  entries: number;
  lastAt: string | null;
  /** The shown best against that of 24 hours before the snapshot; negative is better. */
  change: number | null;
  /** Every improvement of the shown best: when its file arrived, and what it came to. */
  history: readonly (readonly [string, number])[];
  teamId: string;
  kind: 'team' | 'baseline';
  isGuest: boolean;
  isUnranked?: true;
  isDemo: boolean;
  members: number;
};

/**
 * How classes of ties are formed. `all-pairs`: every pair of places is tested together (scoring/statistics/all-pairs.ts). `leader`,
 * until November 2026: each leader was tested as if it had been named beforehand, with Holm's correction.
 */
export type TieMethod = 'all-pairs' | 'leader';

/**
 * How places were tested for ties: a paired bootstrap over so many units of the public fold, at 5 %. With method, seed and resamples
 * anybody who has the counts comes to the same classes. Without a method it is `leader`.
 */
export type TieTest = { method?: TieMethod; units: number; seed: number; resamples: number };

export function methodOf({ method = 'leader' }: TieTest): TieMethod {
  return method;
}

/** `ties` is null where places could not be tested. */
export type Snapshot = {
  version: number;
  at: string;
  frozen: boolean;
  ties: TieTest | null;
  rows: readonly BoardRow[];
};

/** What a test says of ranked places, best first: the number of each one's class, from 1 on. */
export type TestedPlaces = { classes: readonly number[]; test: TieTest };

/** How far back `change` looks. */
const changeSpanMs = 24 * 3600 * 1000;

/** What a board needs of a team's entries, however many there are. */
export type TeamEntries = {
  count: number;
  lastAt: Date;
  /** The one that arrived last, and the one with the fewest errors, the earliest of equals; null where none has a score. */
  newest: Scored | null;
  best: Scored | null;
  /** Every improvement of the shown best. */
  steps: readonly Step[];
};

/** By the id of the team. */
export type EntriesByTeam = ReadonlyMap<string, TeamEntries>;

/** The order of `entries` is of no account. */
export function groupEntries(entries: readonly BoardEntry[]): EntriesByTeam {
  const byTeam = new Map<string, BoardEntry[]>();
  for (const entry of entries) {
    const known = byTeam.get(entry.teamId);
    if (known === undefined) byTeam.set(entry.teamId, [entry]);
    else known.push(entry);
  }
  return new Map([...byTeam].map(([team, each]) => [team, summarise(each.sort(byArrival))]));
}

function summarise(entries: readonly BoardEntry[]): TeamEntries {
  const scored = entries.filter(isScored);
  let best: Scored | null = null;
  const steps: Step[] = [];
  for (const entry of scored) {
    if (best !== null && entry.errors >= best.errors) continue;
    best = entry;
    // A better count that shows the same number stays unseen.
    if (entry.score.werPermille !== steps.at(-1)?.permille) steps.push(stepOf(entry));
  }
  return { count: entries.length, lastAt: entries.at(-1)!.receivedAt, newest: scored.at(-1) ?? null, best, steps };
}

/** Teams in the order of the board. The order of `teams` is of no account. */
export function placeTeams(teams: readonly BoardTeam[], byTeam: EntriesByTeam): Standing[] {
  const placed = teams
    .map((team) => ({ team, entries: byTeam.get(team.id) ?? null }))
    .map(({ team, entries }) => ({ team, entries, best: countedEntry(team, entries) }))
    .sort((a, b) => byErrors(a, b) || compareText(a.team.name, b.team.name) || compareText(a.team.id, b.team.id));
  const ranks = ranksOf(placed);
  return placed.map((standing, i) => ({ ...standing, rank: ranks[i] ?? null }));
}

/** The rows at `at`, best first, not yet tested for ties. */
export function boardRows(placed: readonly Standing[], at: Date): BoardRow[] {
  return placed.map(({ team, entries, best, rank }) => ({
    rank,
    team: team.name,
    isBaseline: team.kind === 'baseline',
    wer: best === null ? null : ratio(best.score.werPermille),
    interval: best?.score.intervalPermille ? pair(best.score.intervalPermille) : null,
    tied: null,
    entries: entries?.count ?? 0,
    lastAt: entries?.lastAt.toISOString() ?? null,
    ...progress(team, entries, best, at),
    teamId: team.id,
    kind: team.kind,
    isGuest: team.isGuest,
    ...(team.isUnranked ? { isUnranked: true as const } : {}),
    isDemo: team.isDemo,
    members: team.members,
  }));
}

/** Whether every ranked row shows the same place and the same numbers in both, so that ties may not change either. */
export function showsSamePlaces(before: readonly BoardRow[], after: readonly BoardRow[]): boolean {
  const shown = (rows: readonly BoardRow[]) =>
    JSON.stringify(rows.filter(isRanked).map(({ teamId, rank, wer, interval }) => [teamId, rank, wer, interval]));
  return shown(before) === shown(after);
}

/** The rows with their classes; `classes` are those of the ranked rows, in their order. */
export function withTies(rows: readonly BoardRow[], classes: readonly number[]): BoardRow[] {
  const isShared = (number: number) => classes.indexOf(number) !== classes.lastIndexOf(number);
  let ranked = 0;
  return rows.map((row) => {
    const number = isRanked(row) ? classes[ranked++] : undefined;
    return { ...row, tied: number !== undefined && isShared(number) ? number : null };
  });
}

function isRanked({ rank }: BoardRow): boolean {
  return rank !== null;
}

/** The text of a snapshot as it is stored and served. */
export function writeSnapshot(snapshot: Snapshot): string {
  return JSON.stringify(snapshot);
}

/** Snapshots from before places were tested say nothing of ties. */
export function readSnapshot(body: string): Snapshot {
  const snapshot: Snapshot = { ties: null, ...JSON.parse(body) };
  return snapshot;
}

/** The next instant at which `change` of a row is no longer that of the last 24 hours; null if none will. */
export function changesAgainAt(snapshot: Snapshot): Date | null {
  const shifts = snapshot.rows
    .flatMap((row) => row.history.map(([instant]) => Date.parse(instant) + changeSpanMs))
    .filter((shift) => shift > Date.parse(snapshot.at));
  return shifts.length === 0 ? null : new Date(Math.min(...shifts));
}

/** The same rows for spreadsheets: one line per row, ratios with a point, empty where there is no value. */
export function boardCsv(snapshot: Snapshot): string {
  const header = [
    'rank',
    'team',
    'isBaseline',
    'wer',
    'intervalLow',
    'intervalHigh',
    'tied',
    'entries',
    'lastAt',
    'change',
  ];
  const lines = snapshot.rows.map((row): Cell[] => [
    row.rank,
    withoutFormula(row.team),
    row.isBaseline,
    row.wer,
    row.interval?.[0] ?? null,
    row.interval?.[1] ?? null,
    row.tied,
    row.entries,
    row.lastAt,
    row.change,
  ]);
  return csv(header, lines);
}

type Scored = BoardEntry & { score: PublicScore };
type Step = { at: Date; permille: number };
type Placed = { team: BoardTeam; entries: TeamEntries | null; best: Scored | null };
/** A team on the board: its entries, the one that counts, and its place. */
export type Standing = Placed & { rank: number | null };

/** A team stands where its best entry does; the baseline where the file does that was pinned last. */
function countedEntry(team: BoardTeam, entries: TeamEntries | null): Scored | null {
  return (team.kind === 'baseline' ? entries?.newest : entries?.best) ?? null;
}

/**
 * Fewest errors first. Of equals the baseline stands first, since only fewer errors beat it; then who was there earlier. Rows
 * without a score come last.
 */
function byErrors(a: Placed, b: Placed): number {
  if (a.best === null || b.best === null) return Number(a.best === null) - Number(b.best === null);
  return (
    a.best.errors - b.best.errors ||
    Number(b.team.kind === 'baseline') - Number(a.team.kind === 'baseline') ||
    a.best.receivedAt.getTime() - b.best.receivedAt.getTime()
  );
}

function ranksOf(placed: readonly Placed[]): (number | null)[] {
  let ranked = 0;
  let rank = 0;
  let errors = -1;
  return placed.map(({ team, best }) => {
    if (best === null || team.kind === 'baseline' || team.isGuest || team.isUnranked) return null;
    ranked += 1;
    if (best.errors !== errors) rank = ranked;
    errors = best.errors;
    return rank;
  });
}

function progress(
  team: BoardTeam,
  entries: TeamEntries | null,
  best: Scored | null,
  at: Date,
): Pick<BoardRow, 'change' | 'history'> {
  if (entries === null || best === null) return { change: null, history: [] };
  const steps = team.kind === 'baseline' ? [stepOf(best)] : entries.steps;
  const before = steps.filter((step) => step.at.getTime() <= at.getTime() - changeSpanMs).at(-1);
  return {
    change: before === undefined ? null : ratio(best.score.werPermille - before.permille),
    history: steps.map((step) => [step.at.toISOString(), ratio(step.permille)] as const),
  };
}

function stepOf({ receivedAt, score }: Scored): Step {
  return { at: receivedAt, permille: score.werPermille };
}

function isScored(entry: BoardEntry): entry is Scored {
  return entry.score !== null;
}

function ratio(permille: number): number {
  return permille / 1000;
}

function pair([low, high]: readonly [number, number]): readonly [number, number] {
  return [ratio(low), ratio(high)];
}
