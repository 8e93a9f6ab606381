import type { BoardRow, BoardTeam, TestedPlaces, TieTest } from '#lib/board.ts';
import { byArrival, compareText } from '#lib/order.ts';
import { normalQuantile } from '#lib/scores.ts';

/*
 * The end of a competition: which entries of a team count, what they came to on the private fold, and the places that follow. Pure,
 * so that a stored result can be computed again from picks and counts.
 */

/** A team picks at most so many. */
export const mostFinals = 2;

/** An entry that may count in the end: scored on test, in time, not voided. `werPermille` is the public number as its team sees it. */
export type FinalCandidate = {
  submissionId: string;
  receivedAt: Date;
  isPicked: boolean;
  werPermille: number | null;
};

/** Why just these count: the team picked them, or it picked none and this one has the best number, or came last where none has one. */
export type FinalsReason = 'picked' | 'best-public' | 'latest' | 'none';
export type Finals<Candidate extends FinalCandidate = FinalCandidate> = {
  reason: FinalsReason;
  /** In the order of arrival. */
  counted: readonly Candidate[];
};

/**
 * What counts if it closed now. Without a pick it is the entry with the best public number, the earliest of equals: the number as it
 * is shown, since exact counts would tell a team which of two equal entries is the better one. On a ladder only accepted entries have
 * a number; where none was accepted, the latest entry counts.
 */
export function chooseFinals<Candidate extends FinalCandidate>(candidates: readonly Candidate[]): Finals<Candidate> {
  const inOrder = [...candidates].sort(byArrival);
  const picked = inOrder.filter(({ isPicked }) => isPicked);
  if (picked.length > 0) return { reason: 'picked', counted: picked.slice(0, mostFinals) };
  const best = inOrder.reduce<Candidate | null>(
    (known, next) =>
      next.werPermille !== null && (known === null || next.werPermille < known.werPermille!) ? next : known,
    null,
  );
  if (best !== null) return { reason: 'best-public', counted: [best] };
  const latest = inOrder.at(-1);
  return latest === undefined ? { reason: 'none', counted: [] } : { reason: 'latest', counted: [latest] };
}

/** S + D + I over N words of a fold; `interval` and `standardError` are those of the rate, null where its units do not tell. */
export type FoldResult = {
  errors: number;
  words: number;
  interval: readonly [number, number] | null;
  standardError: number | null;
};

/** Private minus public rate of one file: what its public number promised too much. */
export type Gap = { difference: number; interval: readonly [number, number] | null };

/**
 * The generalisation gap g = R(private) − R(public) with its 95 % interval g ± 1.96·√(SE(private)² + SE(public)²): no unit is in both
 * folds, so the two rates are independent and their variances add. Null where a fold has no words.
 */
export function gapOf(row: { private: FoldResult; public: FoldResult }): Gap | null {
  const [hidden, seen] = [row.private, row.public];
  if (hidden.words === 0 || seen.words === 0) return null;
  const difference = hidden.errors / hidden.words - seen.errors / seen.words;
  if (hidden.standardError === null || seen.standardError === null) return { difference, interval: null };
  const margin = normalQuantile * Math.hypot(hidden.standardError, seen.standardError);
  return { difference, interval: [difference - margin, difference + margin] };
}

export type CountedFinal = { submissionId: string; receivedAt: Date; private: FoldResult; public: FoldResult };
export type FinalTeam = BoardTeam & {
  reason: FinalsReason;
  /** At most two; of the baseline the file that was pinned last. Empty where the team has nothing scored. */
  finals: readonly CountedFinal[];
};

/** Null as a place: baseline, guests and teams that organisers do not rank. */
export type PlacedTeam = { team: FinalTeam; final: CountedFinal; place: number | null };

/**
 * Teams by exact errors of the better of their finals on the private fold, fewest first; equal counts share a place (1, 1, 3), and
 * who has none shifts nobody else's. Of equals the baseline stands first, since only fewer errors beat it, then by name. Teams
 * without a final are left out.
 */
export function placeFinals(teams: readonly FinalTeam[]): PlacedTeam[] {
  const withFinal = teams.flatMap((team) => {
    const final = betterFinal(team.finals);
    return final === null ? [] : [{ team, final }];
  });
  withFinal.sort(byErrors);
  let ranked = 0;
  let place = 0;
  let errors = -1;
  return withFinal.map(({ team, final }) => {
    if (!isRanked(team)) return { team, final, place: null };
    ranked += 1;
    if (final.private.errors !== errors) place = ranked;
    errors = final.private.errors;
    return { team, final, place };
  });
}

/** Fewest errors on the private fold, the earlier of equals. */
export function betterFinal(finals: readonly CountedFinal[]): CountedFinal | null {
  return finals.reduce<CountedFinal | null>(
    (best, next) =>
      best === null ||
      next.private.errors < best.private.errors ||
      (next.private.errors === best.private.errors && byArrival(next, best) < 0)
        ? next
        : best,
    null,
  );
}

export type ResultRow = {
  place: number | null;
  teamId: string;
  team: string;
  kind: 'team' | 'baseline';
  isGuest: boolean;
  isUnranked: boolean;
  members: number;
  submissionId: string;
  reason: FinalsReason;
  private: FoldResult;
  public: FoldResult;
  /** Number of the class of tied places, from 1 on; null where it is alone in its class or has no place. */
  tied: number | null;
  /** Strictly fewer errors than the baseline on the private fold; null for itself and where there is none. */
  beatsBaseline: boolean | null;
  /** Of the paired test against the baseline, two-sided; null where there is none. */
  pValue: number | null;
};

/** A row of the public board as it stood at the close, freeze or not; `wer` is a ratio in steps of 0.001. */
export type StandingRow = {
  teamId: string;
  team: string;
  kind: 'team' | 'baseline';
  place: number | null;
  wer: number | null;
};

/** A competition's result as it is stored and shown; `ties` null where places could not be tested. */
export type Results = {
  at: string;
  labelVersion: number;
  ties: TieTest | null;
  standing: readonly StandingRow[];
  rows: readonly ResultRow[];
};

/** `pValues`: of each team's final against the baseline's. */
export type FinalTests = { ties: TestedPlaces | null; pValues: ReadonlyMap<string, number | null> };

/** The rows in order; `tests.ties` classes are those of the ranked ones, in their order. */
export function resultRows(placed: readonly PlacedTeam[], tests: FinalTests): ResultRow[] {
  const baseline = placed.find(({ team }) => team.kind === 'baseline')?.final ?? null;
  const classes = tests.ties?.classes ?? [];
  let ranked = 0;
  return placed.map(({ team, final, place }) => {
    const number = place === null ? undefined : classes[ranked++];
    const isTied = number !== undefined && classes.indexOf(number) !== classes.lastIndexOf(number);
    const isJudged = baseline !== null && team.kind === 'team';
    return {
      place,
      teamId: team.id,
      team: team.name,
      kind: team.kind,
      isGuest: team.isGuest,
      isUnranked: team.isUnranked,
      members: team.members,
      submissionId: final.submissionId,
      reason: team.reason,
      private: final.private,
      public: final.public,
      tied: isTied ? number : null,
      beatsBaseline: isJudged ? final.private.errors < baseline.private.errors : null,
      pValue: isJudged ? (tests.pValues.get(final.submissionId) ?? null) : null,
    };
  });
}

/** The board at the close, of those alone who have a result; who was not on it comes last. */
export function standingOf(board: readonly BoardRow[], rows: readonly ResultRow[]): StandingRow[] {
  const ids = new Set(rows.map(({ teamId }) => teamId));
  const onBoard = board.filter(({ teamId }) => ids.has(teamId));
  const known = new Set(onBoard.map(({ teamId }) => teamId));
  // By name: the order of the result must not show here.
  const others = rows.filter(({ teamId }) => !known.has(teamId)).sort((a, b) => compareText(a.team, b.team));
  return [
    ...onBoard.map(({ teamId, team, kind, rank, wer }) => ({ teamId, team, kind, place: rank, wer })),
    ...others.map(({ teamId, team, kind }) => ({ teamId, team, kind, place: null, wer: null })),
  ];
}

function isRanked({ kind, isGuest, isUnranked }: FinalTeam): boolean {
  return kind === 'team' && !isGuest && !isUnranked;
}

function byErrors(a: Omit<PlacedTeam, 'place'>, b: Omit<PlacedTeam, 'place'>): number {
  return (
    a.final.private.errors - b.final.private.errors ||
    Number(b.team.kind === 'baseline') - Number(a.team.kind === 'baseline') ||
    compareText(a.team.name, b.team.name) ||
    compareText(a.team.id, b.team.id)
  );
}
