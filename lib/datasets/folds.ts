import { createHash, createHmac } from 'node:crypto';
import { groupNearTexts } from '#lib/datasets/near-texts.ts';

export type Fold = 'public' | 'private';
export type UnitKind = 'speaker' | 'group' | 'text';
export type FoldAssignment = { kind: UnitKind; unitOf: string[]; foldOf: Fold[] };

type Divided = {
  id: string;
  speaker: string | null;
  group: string | null;
  reference: string;
  seconds: number | null;
  slices?: Readonly<Record<string, string>>;
};

/** With fewer speakers, one of them weighs too much in a fold and in an interval. */
export const leastSpeakers = 20;

/**
 * The secret division of a test split. Units (what belongs together: a speaker where there are at least 20, else the given
 * group, else near-equal texts) are never cut. They are taken in an order that only the salt knows, each put where it brings the
 * public share of the seconds, of short, middling and long utterances, and of the values of each slice, nearer to
 * `publicPercent`. Of several such orders the best is taken.
 */
export function divideIntoFolds(
  utterances: readonly Divided[],
  publicPercent: number,
  salt: Uint8Array,
): FoldAssignment {
  const { kind, unitOf } = chooseUnits(utterances);
  const columns = [
    ...columnsOfDurations(utterances.map((utterance) => utterance.seconds)),
    ...columnsOfSlices(
      utterances.map(({ slices }) => slices ?? {}),
      unitOf,
    ),
  ];
  const foldOfUnit = assignUnits(poolByUnit(columns, unitOf), publicPercent / 100, salt);
  return { kind, unitOf, foldOf: unitOf.map((unit) => foldOfUnit.get(unit)!) };
}

/** What folds, intervals and ties take as one draw. An utterance without the name of its unit is a unit of its own. */
export function chooseUnits(utterances: readonly Divided[]): { kind: UnitKind; unitOf: string[] } {
  const speakers = new Set(utterances.map((utterance) => utterance.speaker).filter((speaker) => speaker !== null));
  const named = (kind: 'speaker' | 'group') => ({
    kind,
    unitOf: utterances.map((utterance) =>
      utterance[kind] === null ? `utterance ${utterance.id}` : `${kind} ${utterance[kind]}`,
    ),
  });
  if (speakers.size >= leastSpeakers) return named('speaker');
  if (utterances.some((utterance) => utterance.group !== null)) return named('group');
  const groups = groupNearTexts(utterances.map((utterance) => utterance.reference));
  return {
    kind: 'text',
    unitOf: groups.map((text) => `text ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`),
  };
}

/** What each utterance adds to what the folds should share alike: whole numbers, whose sums no order changes. */
type Column = Float64Array;

/** Short, middling and long utterances (thirds of the split; a middling one where its duration is not known), and seconds. */
function columnsOfDurations(durations: readonly (number | null)[]): Column[] {
  const known = durations.filter((duration) => duration !== null).sort((a, b) => a - b);
  const bound = (third: number) => known[Math.floor((known.length * third) / 3)]!;
  const thirdOf = (duration: number | null) => {
    if (duration === null) return 1;
    if (duration < bound(1)) return 0;
    return duration < bound(2) ? 1 : 2;
  };
  const thirds = durations.map(thirdOf);
  return [
    ...[0, 1, 2].map((third) => Float64Array.from(thirds, (other) => Number(other === third))),
    Float64Array.from(durations, (duration) => (duration === null ? 0 : Math.round(duration * 1000))),
  ];
}

/** A value that fewer units have cannot be divided, and is taken together with others of its slice. */
const leastUnits = 4;
/** With more of them, the units could please none. */
const mostSliceColumns = 24;

/** The values of each slice, rare ones pooled; of too many columns those with the most utterances. */
function columnsOfSlices(slices: readonly Readonly<Record<string, string>>[], unitOf: readonly string[]): Column[] {
  const keys = [...new Set(slices.flatMap((each) => Object.keys(each)))].sort();
  const groups = keys.flatMap((key) => {
    const byValue = new Map<string, number[]>();
    for (const [i, { [key]: value }] of slices.entries()) {
      if (value === undefined) continue;
      const members = byValue.get(value);
      if (members === undefined) byValue.set(value, [i]);
      else members.push(i);
    }
    const isRare = (members: readonly number[]) => new Set(members.map((i) => unitOf[i]!)).size < leastUnits;
    const values = [...byValue].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, members]) => members);
    return [...values.filter((members) => !isRare(members)), values.filter(isRare).flat()];
  });
  return groups
    .filter((members) => members.length > 0 && members.length < slices.length)
    .sort((a, b) => b.length - a.length)
    .slice(0, mostSliceColumns)
    .map((members) => {
      const column = new Float64Array(slices.length);
      for (const i of members) column[i] = 1;
      return column;
    });
}

/** What each unit adds to every column, the columns scaled to the same sum of squares where their utterances are alike. */
type Sizes = ReadonlyMap<string, Float64Array>;

function poolByUnit(columns: readonly Column[], unitOf: readonly string[]): Sizes {
  const sizes = new Map<string, Float64Array>();
  for (const unit of unitOf) if (!sizes.has(unit)) sizes.set(unit, new Float64Array(columns.length));
  columns.forEach((column, c) => {
    for (const [i, unit] of unitOf.entries()) sizes.get(unit)![c]! += column[i]!;
    const squareSum = column.reduce((sum, value) => sum + value * value, 0);
    for (const size of sizes.values()) size[c]! /= Math.sqrt(Math.max(1, squareSum));
  });
  return sizes;
}

/** So many orders are tried, fewer where there are many units: those even out by themselves. */
const mostOrders = 200;
const mostDraws = 20_000;

function assignUnits(sizes: Sizes, share: number, salt: Uint8Array): Map<string, Fold> {
  const orders = Math.max(1, Math.min(mostOrders, Math.floor(mostDraws / sizes.size)));
  let best: Division | undefined;
  for (let order = 0; order < orders; order += 1) {
    const key = (unit: string) => createHmac('sha256', salt).update(`fold\0${order}\0${unit}`).digest('hex');
    const units = [...sizes]
      .map(([unit, size]) => ({ unit, size, key: key(unit) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const division = divideInOrder(units, share);
    if (best === undefined || division.imbalance < best.imbalance) best = division;
  }
  return best!.folds;
}

type Division = { folds: Map<string, Fold>; imbalance: number };

function divideInOrder(units: readonly { unit: string; size: Float64Array }[], share: number): Division {
  const folds = new Map<string, Fold>();
  // By how much the public fold is larger than its share of what has been divided so far.
  const excess = new Float64Array(units[0]?.size.length ?? 0);
  for (const { unit, size } of units) {
    // The squared excess with the unit in the public fold less that without it, over all columns.
    let change = 0;
    for (let c = 0; c < size.length; c += 1) change += size[c]! * (2 * excess[c]! + (1 - 2 * share) * size[c]!);
    const part = change < 0 ? 1 - share : -share;
    for (let c = 0; c < size.length; c += 1) excess[c]! += part * size[c]!;
    folds.set(unit, change < 0 ? 'public' : 'private');
  }
  return { folds, imbalance: excess.reduce((total, value) => total + value * value, 0) };
}
