import { type FoldResult, type Gap, gapOf, type ResultRow, type Results, type StandingRow } from '#lib/finals.ts';

/*
 * The reveal of a result as a sequence of steps, from the last place up. What is public at any moment are exactly the steps shown so
 * far, so a step says nothing of those after it: no number of classes above, no place of anybody who is still to come. Pure.
 */

/** One row when its step has come. Rates are those of the counted final on either fold. */
export type RevealedRow = {
  teamId: string;
  team: string;
  kind: 'team' | 'baseline';
  isGuest: boolean;
  isUnranked: boolean;
  place: number | null;
  /** On the public board at the close; null without a place there. */
  publicPlace: number | null;
  private: FoldResult;
  public: FoldResult;
  gap: Gap | null;
  /** Whether the data do not tell it apart from the next ranked place below, which has been shown. */
  tiedBelow: boolean;
  beatsBaseline: boolean | null;
  pValue: number | null;
};

export type RevealStep =
  /** The public board as it stood at the close: what everybody starts from. */
  | { kind: 'standing'; rows: readonly StandingRow[] }
  /** Everybody of one place, or somebody without one. */
  | { kind: 'place'; rows: readonly RevealedRow[]; isWinner: boolean }
  /** Public against private places; the gaps; the whole. They say nothing new. */
  | { kind: 'shake-up' }
  | { kind: 'gaps' }
  | { kind: 'end' };

/** What everybody may know of a reveal: the steps opened so far, and which of them the screens show, if they show it now. */
export type RevealState = { revision: number; isShown: boolean; position: number; steps: readonly RevealStep[] };

/**
 * The steps of a result. Equal places are one step; who has no place (baseline, guests, teams that are not ranked) comes where its
 * errors put it; the first place comes last, whoever stands above it out of competition.
 */
export function revealSteps({ rows, standing }: Results): RevealStep[] {
  const groups = groupsFromBelow(rows);
  const isWinner = (group: readonly ResultRow[]) => group[0]!.place === 1;
  const ordered = [...groups.filter((group) => !isWinner(group)), ...groups.filter(isWinner)];
  const publicPlaces = new Map(standing.map(({ teamId, place }) => [teamId, place]));
  let below: ResultRow | null = null;
  const places = ordered.map((group): RevealStep => {
    const tied = group[0]!.place !== null && group[0]!.tied !== null && group[0]!.tied === below?.tied;
    if (group[0]!.place !== null) below = group[0]!;
    return { kind: 'place', rows: group.map((row) => shown(row, publicPlaces, tied)), isWinner: isWinner(group) };
  });
  if (places.length === 0) return [{ kind: 'standing', rows: standing }, { kind: 'end' }];
  return [{ kind: 'standing', rows: standing }, ...places, { kind: 'shake-up' }, { kind: 'gaps' }, { kind: 'end' }];
}

/** Rows of one place together, in their order; the last place first. */
function groupsFromBelow(rows: readonly ResultRow[]): ResultRow[][] {
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows.toReversed()) {
    const key = row.place === null ? row.teamId : `place ${row.place}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.unshift(row);
  }
  return [...groups.values()];
}

function shown(row: ResultRow, publicPlaces: ReadonlyMap<string, number | null>, tiedBelow: boolean): RevealedRow {
  const { teamId, team, kind, isGuest, isUnranked, place, beatsBaseline, pValue } = row;
  return {
    teamId,
    team,
    kind,
    isGuest,
    isUnranked,
    place,
    publicPlace: publicPlaces.get(teamId) ?? null,
    private: row.private,
    public: row.public,
    gap: gapOf(row),
    tiedBelow,
    beatsBaseline,
    pValue,
  };
}
