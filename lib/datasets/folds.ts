import { createHash, createHmac } from 'node:crypto';
import { groupNearTexts } from '#lib/datasets/near-texts.ts';

export type Fold = 'public' | 'private';
export type UnitKind = 'speaker' | 'group' | 'text';
export type FoldAssignment = { kind: UnitKind; unitOf: string[]; foldOf: Fold[] };

type Divided = { id: string; speaker: string | null; group: string | null; reference: string; seconds: number | null };

/** With fewer speakers, one of them weighs too much in a fold and in an interval. */
const leastSpeakers = 20;
const durationClasses = 3;

/**
 * The secret division of a test split. Units (what belongs together: a speaker where there are at least 20, else the given
 * group, else near-equal texts) are never cut. They are taken in an order that only the salt knows, each put where it brings
 * the public share of every class of durations nearer to `publicPercent`.
 */
export function divideIntoFolds(
  utterances: readonly Divided[],
  publicPercent: number,
  salt: Uint8Array,
): FoldAssignment {
  const { kind, unitOf } = chooseUnits(utterances);
  const classOf = classesByDuration(utterances.map((utterance) => utterance.seconds));
  const sizes = new Map<string, number[]>();
  for (const [i, unit] of unitOf.entries()) {
    const size = sizes.get(unit) ?? new Array<number>(durationClasses).fill(0);
    size[classOf[i]!]!++;
    sizes.set(unit, size);
  }
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

/** Thirds by duration; all of one class where durations are unknown. */
function classesByDuration(durations: readonly (number | null)[]): number[] {
  const known = durations.filter((duration) => duration !== null).sort((a, b) => a - b);
  const bound = (part: number) => known[Math.floor((known.length * part) / durationClasses)] ?? 0;
  return durations.map((duration) => (duration === null || duration < bound(1) ? 0 : duration < bound(2) ? 1 : 2));
}

function assignUnits(
  sizes: ReadonlyMap<string, readonly number[]>,
  share: number,
  salt: Uint8Array,
): Map<string, Fold> {
  const key = (unit: string) => createHmac('sha256', salt).update(`fold\0${unit}`).digest('hex');
  const order = [...sizes]
    .map(([unit, size]) => ({ unit, size, key: key(unit) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const publicSize = new Array<number>(durationClasses).fill(0);
  const wholeSize = new Array<number>(durationClasses).fill(0);
  const folds = new Map<string, Fold>();
  for (const { unit, size } of order) {
    for (const [i, count] of size.entries()) wholeSize[i]! += count;
    const excess = publicSize.map((count, i) => count - share * wholeSize[i]!);
    const distance = (of: readonly number[]) => of.reduce((sum, value) => sum + value * value, 0);
    const isPublic = distance(excess.map((value, i) => value + size[i]!)) < distance(excess);
    if (isPublic) for (const [i, count] of size.entries()) publicSize[i]! += count;
    folds.set(unit, isPublic ? 'public' : 'private');
  }
  return folds;
}
