/** Up to `width` of the prefixes by falling rank, of equals the one met first (prefixes are numbered as they are met). */
export function bestOf(prefixes: Int32Array, rank: Float64Array, width: number): Int32Array {
  const kept = new Int32Array(Math.min(width, prefixes.length));
  let count = 0;
  for (const prefix of prefixes) {
    if (count === kept.length && !goesBefore(rank, prefix, kept[count - 1]!)) continue;
    let at = count === kept.length ? count - 1 : count;
    for (; at > 0 && goesBefore(rank, prefix, kept[at - 1]!); at -= 1) kept[at] = kept[at - 1]!;
    kept[at] = prefix;
    count = Math.min(count + 1, kept.length);
  }
  return kept;
}

function goesBefore(rank: Float64Array, prefix: number, other: number): boolean {
  return rank[prefix]! > rank[other]! || (rank[prefix] === rank[other] && prefix < other);
}

/** The best scores that different prefixes are already sure of, so that hopeless ones are not looked at. */
export type Floor = {
  readonly width: number;
  /** The first `count` by falling score. */
  readonly scores: Float64Array;
  count: number;
  best: number;
  /** The last of the `width` best; −Infinity while there are fewer. */
  last: number;
};

/** Wider beams than this are for exact results, not for speed: they get no floor. */
const widest = 4096;

export function createFloor(width: number): Floor {
  const scores = new Float64Array(width <= widest ? width : 1);
  return { width, scores, count: 0, best: Number.NEGATIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
}

export function clearFloor(floor: Floor): void {
  floor.count = 0;
  floor.best = Number.NEGATIVE_INFINITY;
  floor.last = Number.NEGATIVE_INFINITY;
}

export function raiseFloor(floor: Floor, score: number): void {
  const { scores, count } = floor;
  const isFull = count === scores.length;
  if (isFull && score <= scores[count - 1]!) return;
  let at = isFull ? count - 1 : count;
  for (; at > 0 && score > scores[at - 1]!; at -= 1) scores[at] = scores[at - 1]!;
  scores[at] = score;
  if (!isFull) floor.count += 1;
  floor.best = scores[0]!;
  if (floor.count === floor.width) floor.last = scores[floor.count - 1]!;
}
