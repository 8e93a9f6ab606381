import { createHash, createHmac } from 'node:crypto';
import { groupNearTexts } from '#lib/datasets/near-texts.ts';

export type Fold = 'public' | 'private';
export type UnitKind = 'speaker' | 'group' | 'text';
export type FoldAssignment = { kind: UnitKind; unitOf: string[]; foldOf: Fold[] };

type Divided = { id: string; speaker: string | null; group: string | null; reference: string; seconds: number | null };

/** With fewer speakers, one of them weighs too much in a fold and in an interval. */
const leastSpeakers = 20;

/**
 * The secret division of a test split. Units (what belongs together: a speaker where there are at least 20, else the given
 * group, else near-equal texts) are never cut. They are taken in an order that only the salt knows, each put where it brings
 * the public share of the seconds, and of short, middling and long utterances, nearer to `publicPercent`.
 */
export function divideIntoFolds(
  utterances: readonly Divided[],
  publicPercent: number,
  salt: Uint8Array,
): FoldAssignment {
  const { kind, unitOf } = chooseUnits(utterances);
  const sizeOf = sizesByDuration(utterances.map((utterance) => utterance.seconds));
  const sizes = new Map<string, Size>();
  for (const [i, unit] of unitOf.entries()) sizes.set(unit, sum(sizes.get(unit) ?? noSize, sizeOf[i]!));
  const foldOfUnit = assignUnits(sizes, publicPercent / 100, salt);
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

/** How many short, middling and long utterances there are (thirds of the split), and their seconds in means of one utterance. */
type Size = readonly [short: number, middling: number, long: number, length: number];
const noSize: Size = [0, 0, 0, 0];

function sum(a: Size, b: Size, times = 1): Size {
  return [a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2], a[3] + times * b[3]];
}

/** The size of each utterance by itself; where its duration is not known, it is a middling one. */
function sizesByDuration(durations: readonly (number | null)[]): Size[] {
  const known = durations.filter((duration) => duration !== null).sort((a, b) => a - b);
  const mean = known.reduce((total, duration) => total + duration, 0) / known.length;
  const bound = (third: number) => known[Math.floor((known.length * third) / 3)]!;
  return durations.map((duration) => {
    if (duration === null) return [0, 1, 0, 1];
    const length = duration / mean;
    if (duration < bound(1)) return [1, 0, 0, length];
    return duration < bound(2) ? [0, 1, 0, length] : [0, 0, 1, length];
  });
}

function assignUnits(sizes: ReadonlyMap<string, Size>, share: number, salt: Uint8Array): Map<string, Fold> {
  const key = (unit: string) => createHmac('sha256', salt).update(`fold\0${unit}`).digest('hex');
  const order = [...sizes]
    .map(([unit, size]) => ({ unit, size, key: key(unit) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const folds = new Map<string, Fold>();
  // By how much the public fold is larger than its share of what has been divided so far.
  let excess = noSize;
  for (const { unit, size } of order) {
    const ifPrivate = sum(excess, size, -share);
    const ifPublic = sum(excess, size, 1 - share);
    const isPublic = squares(ifPublic) < squares(ifPrivate);
    excess = isPublic ? ifPublic : ifPrivate;
    folds.set(unit, isPublic ? 'public' : 'private');
  }
  return folds;
}

function squares(size: Size): number {
  return size.reduce((total, value) => total + value * value, 0);
}
