import { chooseUnits } from '#lib/datasets/folds.ts';

type DevUtterance = {
  readonly id: string;
  readonly speaker: string | null;
  readonly seconds: number | null;
  readonly references: readonly [string, ...string[]];
};

/** The unit of each utterance of the open dev split: it has no groups of its own, and near-equal texts go by the first wording. */
export function devUnits(utterances: readonly DevUtterance[]): readonly string[] {
  const divided = utterances.map(({ id, speaker, seconds, references }) => ({
    id,
    speaker,
    group: null,
    seconds,
    reference: references[0],
  }));
  return chooseUnits(divided).unitOf;
}
