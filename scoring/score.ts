import { setImmediate } from 'node:timers/promises';
import type { Score } from '#lib/db/scoring.ts';
import type { PreparedReferences, PreparedUtterance } from '#scoring/references.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import {
  type Measure,
  measure,
  SCORER_VERSION,
  scoreCharacters,
  scoreWords,
  type UnitCounts,
} from '#scoring/wer/score.ts';

/** How long the event loop may be held, so that leases are renewed while a long file is scored. */
const sliceMs = 25;
/** Half the width of a 95 % interval in standard errors. */
const intervalFactor = 1.959963984540054;

/**
 * Scores one file against prepared references, utterance by utterance; what has no hypothesis counts as deleted. Gives way to
 * the event loop between slices of work and stops with `signal`'s reason when it is aborted.
 */
export async function scoreHypotheses(
  { profile, utterances }: PreparedReferences,
  hypotheses: ReadonlyMap<string, string>,
  split: 'dev' | 'test',
  signal: AbortSignal,
): Promise<Score> {
  const scored: Scored[] = [];
  let sliceEnd = performance.now() + sliceMs;
  for (const utterance of utterances) {
    scored.push(scoreUtterance(utterance, normalise(hypotheses.get(utterance.id) ?? '', profile), split));
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    signal.throwIfAborted();
    sliceEnd = performance.now() + sliceMs;
  }
  return { scorerVersion: String(SCORER_VERSION), ...(split === 'dev' ? devScore(scored) : testScore(scored)) };
}

type Scored = { utterance: PreparedUtterance; words: UnitCounts; characters: UnitCounts | null };

function scoreUtterance(
  utterance: PreparedUtterance,
  hypothesis: ReturnType<typeof normalise>,
  split: 'dev' | 'test',
): Scored {
  const { references, unit } = utterance;
  return {
    utterance,
    words: { unit, counts: scoreWords(references, hypothesis) },
    characters: split === 'dev' ? { unit, counts: scoreCharacters(references, hypothesis) } : null,
  };
}

function testScore(scored: readonly Scored[]) {
  const fold = (name: 'public' | 'private') =>
    measured(measure(scored.filter(({ utterance }) => utterance.fold === name).map(({ words }) => words)));
  return { split: 'test' as const, public: fold('public'), private: fold('private') };
}

function devScore(scored: readonly Scored[]) {
  const words = measure(scored.map((one) => one.words));
  const characters = measure(scored.flatMap((one) => one.characters ?? []));
  const dev = {
    words: countsOf(words),
    characters: countsOf(characters),
    interval: words.interval,
    utterances: scored.map((one) => ({ id: one.utterance.id, words: one.words.counts })),
  };
  return { split: 'dev' as const, dev };
}

function measured(result: Measure) {
  const { errorRate, interval } = result;
  const standardError = errorRate === null || interval === null ? null : (interval[1] - errorRate) / intervalFactor;
  return { counts: countsOf(result), interval, standardError };
}

function countsOf({ hits, substitutions, deletions, insertions }: Measure) {
  return { hits, substitutions, deletions, insertions };
}
