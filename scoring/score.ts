import { setImmediate } from 'node:timers/promises';
import type { Score } from '#lib/db/scoring.ts';
import { type CountColumns, countsAt, createColumns, setCounts, totalOf } from '#scoring/columns.ts';
import type { PreparedReferences, PreparedUtterance } from '#scoring/references.ts';
import { deltaEstimate } from '#scoring/statistics/delta.ts';
import { numberUnits, poolByUnit } from '#scoring/statistics/units.ts';
import { SCORER_VERSION, scoreCharacters, scoreWords } from '#scoring/wer/score.ts';

/** How long the event loop may be held, so that leases are renewed while a long file is scored. */
const sliceMs = 25;

/**
 * Scores one file against prepared references, utterance by utterance; what has no hypothesis counts as deleted. Gives way to
 * the event loop between slices of work and stops with `signal`'s reason when it is aborted.
 */
export async function scoreHypotheses(
  { normaliser, profileHash, utterances }: PreparedReferences,
  hypotheses: ReadonlyMap<string, string>,
  split: 'dev' | 'test',
  signal: AbortSignal,
): Promise<Score> {
  const words = createColumns(utterances.length);
  const characters = createColumns(split === 'dev' ? utterances.length : 0);
  let sliceEnd = performance.now() + sliceMs;
  for (const [i, { id, references }] of utterances.entries()) {
    const hypothesis = normaliser.words(hypotheses.get(id) ?? '');
    setCounts(words, i, scoreWords(references, hypothesis));
    if (split === 'dev') setCounts(characters, i, scoreCharacters(references, hypothesis));
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    signal.throwIfAborted();
    sliceEnd = performance.now() + sliceMs;
  }
  const score = split === 'dev' ? devScore(utterances, words, characters) : testScore(utterances, words);
  return { scorerVersion: String(SCORER_VERSION), profileHash, ...score };
}

function testScore(utterances: readonly PreparedUtterance[], words: CountColumns) {
  const fold = (name: 'public' | 'private') => {
    const inFold = [...utterances.keys()].filter((i) => utterances[i]!.fold === name);
    return measured(
      selected(words, inFold),
      inFold.map((i) => utterances[i]!.unit),
    );
  };
  return { split: 'test' as const, public: fold('public'), private: fold('private') };
}

function devScore(utterances: readonly PreparedUtterance[], words: CountColumns, characters: CountColumns) {
  const units = utterances.map(({ unit }) => unit);
  const { counts, interval } = measured(words, units);
  const dev = {
    words: counts,
    characters: totalOf(characters),
    interval,
    utterances: utterances.map(({ id }, i) => ({ id, words: countsAt(words, i) })),
  };
  return { split: 'dev' as const, dev };
}

function measured(words: CountColumns, units: readonly string[]) {
  const estimate = deltaEstimate(poolByUnit(words, numberUnits(units)));
  const { interval = null, standardError = null } = estimate ?? {};
  return { counts: totalOf(words), interval, standardError };
}

function selected(
  { hits, substitutions, deletions, insertions }: CountColumns,
  which: readonly number[],
): CountColumns {
  const of = (column: Int32Array) => Int32Array.from(which, (i) => column[i]!);
  return { hits: of(hits), substitutions: of(substitutions), deletions: of(deletions), insertions: of(insertions) };
}
