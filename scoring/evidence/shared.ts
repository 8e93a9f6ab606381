import type { Heard } from './mistakes.ts';

/** Mistakes that at least two of the files make, each with who makes it. */
export type SharedMistakes = {
  /** Keys, ascending. */
  readonly keys: Float64Array;
  /** Of mistake m: `makers` from `starts[m]` to before `starts[m + 1]`, files by number, ascending. */
  readonly starts: Int32Array;
  readonly makers: Int16Array;
};

/** Time and memory grow with the number of all mistakes: a few seconds for 200 files of 10,000 utterances. */
export function shareMistakes(files: readonly Heard[]): SharedMistakes {
  const all = new Float64Array(files.reduce((sum, { mistakes }) => sum + mistakes.length, 0));
  let at = 0;
  for (const { mistakes } of files) {
    all.set(mistakes, at);
    at += mistakes.length;
  }
  all.sort();
  const keys: number[] = [];
  const starts: number[] = [];
  let makers = 0;
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to] === all[from]) to += 1;
    if (to - from < 2) continue;
    keys.push(all[from]!);
    starts.push(makers);
    makers += to - from;
  }
  starts.push(makers);
  const shared = { keys: Float64Array.from(keys), starts: Int32Array.from(starts), makers: new Int16Array(makers) };
  fillMakers(files, shared);
  return shared;
}

function fillMakers(files: readonly Heard[], { keys, starts, makers }: SharedMistakes): void {
  const filled = starts.slice();
  for (const [file, { mistakes }] of files.entries()) {
    let mistake = 0;
    for (const key of mistakes) {
      while (mistake < keys.length && keys[mistake]! < key) mistake += 1;
      if (keys[mistake] !== key) continue;
      makers[filled[mistake]!] = file;
      filled[mistake]! += 1;
    }
  }
}

/** [files, files]: how many of the mistakes that `isCounted` both make, and on the diagonal how many of them one makes with anybody. */
export function countTogether(
  files: number,
  { keys, starts, makers }: SharedMistakes,
  isCounted: (mistake: number) => boolean,
): Float64Array {
  const together = new Float64Array(files * files);
  for (let mistake = 0; mistake < keys.length; mistake += 1) {
    if (!isCounted(mistake)) continue;
    for (let a = starts[mistake]!; a < starts[mistake + 1]!; a += 1) {
      const row = makers[a]! * files;
      for (let b = starts[mistake]!; b < starts[mistake + 1]!; b += 1) together[row + makers[b]!]! += 1;
    }
  }
  return together;
}
