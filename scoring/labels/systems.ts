import type { Words } from '../wer/normalise.ts';
import { slotsOf } from './slots.ts';

/** What one system heard, in the order of the utterances. */
export type Outputs = readonly Words[];

/** How far a system is to be believed. */
export type Trust = {
  /** Share of words that it gets wrong, above 0 and below 1. */
  readonly errorRate: number;
  /** Above 0, at most 1: how much of it is its own and not said by others alike. */
  readonly weight: number;
};

export type Trusts = {
  readonly systems: readonly Trust[];
  /** How often two systems that are both wrong about a place have the same there, above 0 and below 1. */
  readonly coincidence: number;
};

/** One system for all whose outputs are the same; which of the given ones each stands for. No order of them matters. */
export type DistinctSystems = {
  readonly outputs: readonly Outputs[];
  readonly members: readonly (readonly number[])[];
};

export function distinctSystems(given: readonly Outputs[]): DistinctSystems {
  const byText = new Map<string, number[]>();
  for (const [i, outputs] of given.entries()) {
    const text = outputs.map((words) => words.join(' ')).join('\n');
    const members = byText.get(text);
    if (members) members.push(i);
    else byText.set(text, [i]);
  }
  const sorted = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, members]) => members);
  return { outputs: sorted.map(([first]) => given[first!]!), members: sorted };
}

/** Places where a system differs from the text that is believed, numbered over all utterances, with what it has there. */
type Errors = { readonly at: ReadonlyMap<number, string>; readonly words: number; readonly wrong: number };

/** What two systems have in common: places where both are wrong, and those where they have the same. */
type Shared = { readonly places: number; readonly alike: number };

/**
 * Quality and dependence of distinct systems, by the texts that are believed to have been said.
 *
 * Error rates are pooled, with one error more in two words. A system counts 1 / Σ s over all systems, itself included, where s of two is
 * the share of the better one's errors that the other makes alike (overlap; Szymkiewicz, 1934): so copies of a system come to about
 * one of it, and systems that have little in common to one each. It errs towards caution: what everybody finds hard makes all count
 * for less.
 *
 * `pause` is called twice for every system, for whoever has other things to do.
 */
export async function trustsOf(
  believed: readonly Words[],
  outputs: readonly Outputs[],
  pause: () => Promise<void>,
): Promise<Trusts> {
  const errors: Errors[] = [];
  for (const one of outputs) {
    errors.push(errorsAgainst(believed, one));
    await pause();
  }
  const shared: (Shared | null)[][] = [];
  for (const [i, a] of errors.entries()) {
    shared.push(errors.map((b, j) => (i < j ? sharedBy(a, b) : null)));
    await pause();
  }
  const sharedOf = (i: number, j: number) => shared[Math.min(i, j)]![Math.max(i, j)]!;
  const systems = errors.map(({ at, words, wrong }, i) => {
    let dependence = 1;
    for (const [j, other] of errors.entries()) {
      if (i !== j) dependence += sharedOf(i, j).alike / Math.max(1, Math.min(at.size, other.at.size));
    }
    return { errorRate: Math.min(0.95, (wrong + 1) / (words + 2)), weight: 1 / dependence };
  });
  return { systems, coincidence: coincidenceOf(systems, sharedOf) };
}

/** Pooled over all pairs, those that are alike for less; as of one place alike in two more. */
function coincidenceOf(systems: readonly Trust[], sharedOf: (i: number, j: number) => Shared): number {
  let [alike, places] = [1, 2];
  for (let i = 0; i < systems.length; i += 1) {
    for (let j = i + 1; j < systems.length; j += 1) {
      const weight = systems[i]!.weight * systems[j]!.weight;
      alike += weight * sharedOf(i, j).alike;
      places += weight * sharedOf(i, j).places;
    }
  }
  return alike / places;
}

function errorsAgainst(believed: readonly Words[], outputs: Outputs): Errors {
  const at = new Map<number, string>();
  let [first, words, wrong] = [0, 0, 0];
  for (const [u, text] of believed.entries()) {
    const slots = slotsOf(text, outputs[u]!);
    for (const [place, heard] of slots.entries()) {
      if (heard === (place % 2 === 0 ? '' : text[(place - 1) / 2])) continue;
      at.set(first + place, heard);
      wrong += place % 2 === 0 ? heard.split(' ').length : 1;
    }
    first += slots.length;
    words += text.length;
  }
  return { at, words, wrong };
}

function sharedBy(a: Errors, b: Errors): Shared {
  let [places, alike] = [0, 0];
  for (const [place, heard] of a.at) {
    const other = b.at.get(place);
    if (other === undefined) continue;
    places += 1;
    if (other === heard) alike += 1;
  }
  return { places, alike };
}
