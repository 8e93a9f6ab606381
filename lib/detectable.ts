/*
 * What a fold can tell apart, before anybody is scored on it.
 */

/** Where no baseline is scored, systems are taken to have this error rate. */
export const assumedRate = 0.15;

/**
 * Errors come in clusters: their number in an utterance varies by so much more than if every word were heard by itself. Of systems
 * with about 15 % WER on utterances of about 11 words.
 */
const clustering = 1.7;

/** 1.645 + 0.842: a true difference is found at 5 %, one-sided, four times out of five. */
const powerFactor = 2.49;

/**
 * The least true difference, in points, that a paired test of two independent systems with this error rate (a ratio) finds on so
 * many reference words four times out of five: 2.49 · √(2 · 1.7 · rate / words). Systems that make the same errors are told
 * apart by less; with few units, nothing is certain. Null where there are no words.
 */
export function detectableDifference(words: number, rate: number): number | null {
  return words === 0 ? null : 100 * powerFactor * Math.sqrt((2 * clustering * rate) / words);
}

/** With fewer units an interval is too narrow; with fewer than `enoughUnits` it is rough. */
export const fewestUnits = 20;
export const enoughUnits = 40;
