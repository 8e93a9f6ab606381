import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsOf } from '#scoring/statistics/events.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import type { AlignmentStep } from '#scoring/wer/align.ts';
import { alignWords } from '#scoring/wer/analyse.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { countErrorsUnder, tieRules } from '#scoring/wer/ties.ts';
import { alignUnder } from '#scoring/wer/trace.ts';
import { countsOf } from '../step-counts.ts';

/** Both sides as the steps say them; a hit must pair equals, a substitution others. */
function replayed(steps: readonly AlignmentStep[], reference: Words, hypothesis: Words) {
  const sides: { reference: string[]; hypothesis: string[] } = { reference: [], hypothesis: [] };
  for (const step of steps) {
    if (step.kind !== 'insertion') sides.reference.push(reference[step.reference]!);
    if (step.kind !== 'deletion') sides.hypothesis.push(hypothesis[step.hypothesis]!);
    if (step.kind === 'hit' || step.kind === 'substitution') {
      expect(reference[step.reference] === hypothesis[step.hypothesis]).toBe(step.kind === 'hit');
    }
  }
  return sides;
}

const words = fc
  .array(fc.constantFrom('а', 'б', 'в', 'г'), { maxLength: 14 })
  .map((drawn) => normalise(drawn.join(' ')));

describe.each(tieRules)('the alignment under %s', (ties) => {
  test('carries exactly the counts of the rule and gives both sides back', () => {
    fc.assert(
      fc.property(words, words, (reference, hypothesis) => {
        const steps = alignUnder(ties, reference, hypothesis);
        expect(countsOf(steps)).toEqual(countErrorsUnder(ties, reference, hypothesis));
        expect(replayed(steps, reference, hypothesis)).toEqual({ reference, hypothesis });
      }),
      { numRuns: 300 },
    );
  });

  test('does so for texts that no table holds whole', () => {
    const random = createRandom(5);
    const spoken = Array.from({ length: 4_600 }, () => `w${drawBelow(random, 60)}`);
    const heard = spoken.flatMap((word) => {
      const kind = drawBelow(random, 12);
      return kind === 0 ? [] : kind === 1 ? [word, 'w7'] : [kind < 4 ? `w${drawBelow(random, 60)}` : word];
    });
    const [reference, hypothesis] = [normalise(spoken.join(' ')), normalise(heard.join(' '))];
    const steps = alignUnder(ties, reference, hypothesis);
    expect(countsOf(steps)).toEqual(countErrorsUnder(ties, reference, hypothesis));
    expect(replayed(steps, reference, hypothesis)).toEqual({ reference, hypothesis });
  });

  test('is of the wording that the counts are of', () => {
    const references = ['да нет да', 'нет да', 'да да'].map((text) => normalise(text));
    const hypothesis = normalise('да да нет');
    const { chosen, reference, steps } = alignWords(references, hypothesis, ties);
    expect(reference).toBe(references[chosen]);
    expect(countsOf(steps)).toEqual(countErrorsUnder(ties, reference, hypothesis));
  });
});

test('rules differ in where errors stand, not only in how many there are of a kind', () => {
  const [reference, hypothesis] = [normalise('а а б'), normalise('а б')];
  const placesOf = (ties: (typeof tieRules)[number]) => eventsOf(alignUnder(ties, reference, hypothesis)).places;
  expect(placesOf('sclite')).toEqual([1]);
  expect(placesOf('kaldi')).toEqual([3]);
});
