import type { BoardRow, Snapshot } from '#lib/board.ts';

/** What a chart needs of a board. */
export type ProgressRow = Pick<BoardRow, 'teamId' | 'team' | 'rank' | 'isBaseline' | 'history'>;
export type ProgressBoard = Pick<Snapshot, 'at'> & { rows: readonly ProgressRow[] };

/** A team's best over time, as a line of steps in the picture's units. */
export type ProgressLine = {
  teamId: string;
  team: string;
  isBaseline: boolean;
  isFirst: boolean;
  /** Of an SVG path: from its first number to the board's instant. */
  path: string;
  /** Where its name stands, at the end; null for those of whom there are too many to name. */
  labelY: number | null;
};

export type Progress = {
  lines: readonly ProgressLine[];
  from: Date;
  until: Date;
  /** Rates at the axis, with where they stand. */
  ticks: readonly { rate: number; y: number }[];
};

/** The chart's size and the margins of what is drawn in it, in units; names and numbers are that large, and stand that far apart. */
export type Picture = {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  letters: number;
  /** With more, none of them could be read. */
  mostNames: number;
  longestName: number;
};

/** On a page, between its texts. */
export const picture: Picture = {
  ...{ width: 720, height: 320, left: 58, right: 180, top: 14, bottom: 30 },
  ...{ letters: 12, mostNames: 12, longestName: 22 },
};

/**
 * Every line of the board's chart; null where nobody has a number yet. Low rates stand low, so that lines fall as teams get better.
 * The baseline is the file that is pinned now, drawn over the whole time.
 */
export function progressOf({ rows, at }: ProgressBoard, of: Picture = picture): Progress | null {
  const inner = { width: of.width - of.left - of.right, height: of.height - of.top - of.bottom };
  const shown = rows.filter(({ history }) => history.length > 0);
  const instants = shown.flatMap(({ history }) => history.map(([instant]) => Date.parse(instant)));
  if (instants.length === 0) return null;
  const rates = shown.flatMap(({ history }) => history.map(([, rate]) => rate));
  const until = Math.max(Date.parse(at), ...instants);
  // One instant alone has no width.
  const from = Math.min(Math.min(...instants), until - 60_000);
  const x = (instant: number) => of.left + ((instant - from) / (until - from)) * inner.width;
  const ticks = ticksOf(Math.min(...rates), Math.max(...rates));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const y = (rate: number) => of.top + ((high - rate) / (high - low)) * inner.height;
  const ends = shown.map((row) => y(row.history.at(-1)![1]));
  const labels = placeNames(ends, namedOf(shown, of.mostNames), of);
  const lines = shown.map((row, i) => ({
    teamId: row.teamId,
    team: row.team,
    isBaseline: row.isBaseline,
    isFirst: row.rank === 1,
    path: pathOf(row, { from, until, x, y }),
    labelY: labels.get(i) ?? null,
  }));
  return { lines, from: new Date(from), until: new Date(until), ticks: ticks.map((rate) => ({ rate, y: y(rate) })) };
}

type Scale = { from: number; until: number; x(instant: number): number; y(rate: number): number };

function pathOf({ history, isBaseline }: ProgressRow, { from, until, x, y }: Scale): string {
  const steps = history.map(([instant, rate]) => [x(isBaseline ? from : Date.parse(instant)), y(rate)] as const);
  const [[firstX, firstY] = [0, 0], ...others] = steps;
  const further = others.map(([atX, atY]) => `H${atX.toFixed(1)}V${atY.toFixed(1)}`).join('');
  return `M${firstX.toFixed(1)} ${firstY.toFixed(1)}${further}H${x(until).toFixed(1)}`;
}

/** The baseline and the best teams, in the board's order. */
function namedOf(rows: readonly ProgressRow[], mostNames: number): number[] {
  const teams = [...rows.keys()].filter((i) => !rows[i]!.isBaseline).slice(0, mostNames - 1);
  const baseline = rows.findIndex(({ isBaseline }) => isBaseline);
  return baseline < 0 ? teams : [...teams, baseline];
}

/** As near to the ends of their lines as names can stand without touching each other. */
function placeNames(ends: readonly number[], named: readonly number[], of: Picture): Map<number, number> {
  const sorted = [...named].sort((a, b) => ends[a]! - ends[b]! || a - b);
  const places = new Map<number, number>();
  const apart = of.letters * 1.25;
  let free = of.top;
  for (const i of sorted) {
    const at = Math.max(ends[i]!, free);
    places.set(i, at);
    free = at + apart;
  }
  // What the last ones were pushed below the picture, all go up by.
  let limit = of.height - of.bottom;
  for (const i of sorted.reverse()) {
    const at = Math.min(places.get(i)!, limit);
    places.set(i, at);
    limit = at - apart;
  }
  return places;
}

/** Round rates around what is shown, two at least and six at most. */
function ticksOf(low: number, high: number): number[] {
  const step =
    [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((size) => (high - low) / size <= 4) ?? Math.ceil(high - low);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
