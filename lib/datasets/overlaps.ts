import type { Split } from '#lib/competition.ts';
import { groupNearTexts } from '#lib/datasets/near-texts.ts';
import type { Warning } from '#lib/predictions/report.ts';
import type { WarningCode } from '#lib/problems.ts';

/** `file` is equal where two recordings are the same byte for byte, `sound` where they sound the same; null where that is not known. */
export type Compared = {
  id: string;
  split: Split;
  file: string;
  sound: string | null;
  text: string;
  speaker: string | null;
};

/**
 * `sameInSplit`: places, in the list of what is imported, of recordings that stand in their split already. `warnings`: of what splits share, the
 * gravest first, naming ids and never a text or a speaker: those of test are hidden from the web.
 */
export type Overlaps = { sameInSplit: number[]; warnings: Warning[] };

const mostNamed = 20;

/**
 * What a competition's splits have in common and should not: recordings, texts that are equal or nearly so, speakers. A system that has
 * heard a test recording in training is not measured on it. `standing`: splits of the competition that are not imported now.
 */
export function findOverlaps(imported: readonly Compared[], standing: readonly Compared[] = []): Overlaps {
  const all = [...imported, ...standing];
  const inTestAndElsewhere = sharedSounds(all, isTestShared);
  const inTrainAndDev = sharedSounds(all, (splits) => !splits.has('test') && splits.size > 1);
  const isDivided = new Set(all.map(({ split }) => split)).size > 1;
  // Nothing said is no sentence to be repeated.
  const groups = isDivided ? groupNearTexts(all.map(({ text }) => text)).map((group) => group || null) : [];
  const texts = sharedBySplits(all, groups, isTestShared);
  const speakers = all.map(({ speaker }) => speaker);
  const speakersOfTest = sharedBySplits(all, speakers, isTestShared).map(({ speaker }) => speaker);
  return {
    sameInSplit: repeatedInSplit(imported),
    warnings: [
      ...naming('warning-dataset-test-recording-elsewhere', inTestAndElsewhere.filter(isOfTest)),
      ...naming(
        'warning-dataset-recording-in-splits',
        inTrainAndDev.filter(({ split }) => split === 'dev'),
      ),
      ...naming('warning-dataset-test-text-elsewhere', texts.filter(isOfTest)),
      ...counting('warning-dataset-test-speaker-elsewhere', new Set(speakersOfTest).size),
    ],
  };
}

const isTestShared = (splits: ReadonlySet<Split>) => splits.has('test') && splits.size > 1;
const isOfTest = ({ split }: Compared) => split === 'test';

/** A split that stands is known by its files alone, so both keys count. */
function sharedSounds(all: readonly Compared[], isWanted: (splits: ReadonlySet<Split>) => boolean): Compared[] {
  const keys = [all.map(({ sound }) => sound), all.map(({ file }) => file)];
  const found = new Set(keys.flatMap((of) => sharedBySplits(all, of, isWanted)));
  return all.filter((one) => found.has(one));
}

/** Those whose key stands in splits of which `isWanted` is true; a null key is nobody's. */
function sharedBySplits(
  all: readonly Compared[],
  keys: readonly (string | null)[],
  isWanted: (splits: ReadonlySet<Split>) => boolean,
): Compared[] {
  const splitsOf = new Map<string, Set<Split>>();
  for (const [i, key] of keys.entries()) {
    if (key === null) continue;
    const splits = splitsOf.get(key);
    if (splits === undefined) splitsOf.set(key, new Set([all[i]!.split]));
    else splits.add(all[i]!.split);
  }
  return all.filter((_, i) => {
    const key = keys[i] ?? null;
    return key !== null && isWanted(splitsOf.get(key)!);
  });
}

function repeatedInSplit(all: readonly Compared[]): number[] {
  const seen = new Set<string>();
  return [...all.keys()].filter((i) => {
    const { split, sound, file } = all[i]!;
    const key = `${split} ${sound ?? file}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated;
  });
}

function naming(code: WarningCode, of: readonly Compared[]): Warning[] {
  const more = of.length > mostNamed ? ' …' : '';
  const ids = `${of
    .slice(0, mostNamed)
    .map(({ id }) => id)
    .join(', ')}${more}`;
  return of.length === 0 ? [] : [{ line: 0, column: 0, code, values: { count: of.length, ids }, places: [] }];
}

function counting(code: WarningCode, count: number): Warning[] {
  return count === 0 ? [] : [{ line: 0, column: 0, code, values: { count }, places: [] }];
}
