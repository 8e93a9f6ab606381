import { createHmac } from 'node:crypto';
import type { Split } from '#lib/competition.ts';
import { groupNearTexts } from '#lib/datasets/near-texts.ts';

export type SplitShares = Record<Split, number>;
const defaultShares: SplitShares = { train: 70, dev: 8, test: 22 };

/**
 * A split for each utterance of a manifest that names none, drawn by the hash of what is said: equal and nearly equal texts
 * always fall together, so that nothing of the test split is read in training. `shares` are percent and add up to 100; `salt`
 * keeps others from computing the test split out of guessed texts.
 */
export function splitByText(texts: readonly string[], salt: Uint8Array, shares: SplitShares = defaultShares): Split[] {
  const splitOfGroup = new Map<string, Split>();
  return groupNearTexts(texts).map((group) => {
    const drawn = splitOfGroup.get(group) ?? drawSplit(group, salt, shares);
    splitOfGroup.set(group, drawn);
    return drawn;
  });
}

function drawSplit(group: string, salt: Uint8Array, shares: SplitShares): Split {
  const percent = (createHmac('sha256', salt).update(`split\0${group}`).digest().readUInt32BE(0) / 2 ** 32) * 100;
  if (percent < shares.test) return 'test';
  return percent < shares.test + shares.dev ? 'dev' : 'train';
}
