import type { BoardRow } from '#lib/board.ts';

/** The stretch of error rates that every interval bar of one board is drawn on. */
export type Axis = { low: number; high: number };

/**
 * From the best interval to the worst, on round numbers. One hopeless entry must not squeeze all others into a corner: the axis
 * ends at twice the median or at the baseline, whichever is further; what lies beyond is drawn as an arrow.
 */
export function axisOf(rows: readonly BoardRow[]): Axis {
  const rates = rows.flatMap((row) => (row.wer === null ? [] : [row.wer])).sort((a, b) => a - b);
  if (rates.length === 0) return { low: 0, high: 1 };
  const lowest = Math.min(...rows.map((row) => row.interval?.[0] ?? row.wer ?? 1));
  const highest = Math.max(...rows.map((row) => row.interval?.[1] ?? row.wer ?? 0));
  const baseline = rows.find((row) => row.isBaseline)?.interval?.[1] ?? 0;
  const end = Math.min(highest, Math.max(2 * rates[Math.floor(rates.length / 2)]!, baseline));
  const step = end - lowest > 0.4 ? 0.1 : end - lowest > 0.1 ? 0.05 : 0.01;
  const low = Math.floor(lowest / step + 1e-9) * step;
  return { low, high: Math.max(low + step, Math.ceil(end / step - 1e-9) * step) };
}

/** Where a rate stands on the axis: 0 to 100, one decimal. */
export function along(axis: Axis, rate: number): number {
  const share = (rate - axis.low) / (axis.high - axis.low);
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
}

/**
 * The part of a bracket that a row draws. `places` are those of the class that the row is in, `2–4`; null for a row that only stands
 * between them.
 */
export type Bracket = { part: 'top' | 'middle' | 'bottom'; places: string | null };

/** Of each row its bracket: statistically tied places, and whatever stands between them, are held together. */
export function brackets(rows: readonly BoardRow[]): (Bracket | null)[] {
  const classes = rows.map((row) => row.tied);
  return rows.map((row, i) => {
    const first = classes.findIndex((tie, j) => tie !== null && j <= i && classes.lastIndexOf(tie) >= i);
    const last = first === -1 ? -1 : classes.lastIndexOf(classes[first]!);
    if (first === last) return null;
    const part = i === first ? 'top' : i === last ? 'bottom' : 'middle';
    return { part, places: row.tied === null ? null : placesBetween(rows[first]!, rows[last]!) };
  });
}

function placesBetween({ rank: first }: BoardRow, { rank: last }: BoardRow): string {
  return first === last ? `${first}` : `${first}–${last}`;
}

/** The board's time so far, in milliseconds since 1970: the common width of all staircases. */
export type Times = { from: number; to: number };

export function timesOf(rows: readonly BoardRow[], at: string): Times {
  const starts = rows.filter((row) => !row.isBaseline).flatMap((row) => row.history.slice(0, 1));
  const to = Date.parse(at);
  return { from: Math.min(to - 1, ...starts.map(([instant]) => Date.parse(instant))), to };
}

/** Less than this is not drawn larger than it is. */
const leastHeight = 0.05;

/** A team's best as a falling staircase on 80 × 20 units: when it came down, and how much of its own way at each step. */
export function staircase(history: BoardRow['history'], times: Times): string {
  const rates = history.map(([, rate]) => rate);
  const low = Math.min(...rates);
  const height = Math.max(Math.max(...rates) - low, leastHeight);
  const x = (instant: string) => Math.round((80 * (Date.parse(instant) - times.from)) / (times.to - times.from));
  const y = (rate: number) => Math.round(18 - (16 * (rate - low)) / height);
  const steps = history.map(([at, rate], i) => (i === 0 ? `M${x(at)} ${y(rate)}` : `H${x(at)}V${y(rate)}`));
  return `${steps.join('')}H80`;
}
