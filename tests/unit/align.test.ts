import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { errorsOf, referenceLength } from '#lib/counts.ts';
import { align, countErrors } from '#scoring/wer/align.ts';
import { charactersOf, normalise, type Words } from '#scoring/wer/normalise.ts';
import { countsOf } from '../step-counts.ts';

// The machine may be busy with others; where time is the matter, it is the processor's.
vi.setConfig({ testTimeout: 60_000 });

/** The definition, word for word: fewest errors, then most hits, by trying everything once. Lives only here. */
function oracle(reference: Words, hypothesis: Words): { errors: number; hits: number } {
  const known = new Map<string, { errors: number; hits: number }>();
  const solve = (i: number, j: number): { errors: number; hits: number } => {
    if (i === 0 || j === 0) return { errors: i + j, hits: 0 };
    const found = known.get(`${i},${j}`);
    if (found) return found;
    const isHit = reference[i - 1] === hypothesis[j - 1];
    const paired = solve(i - 1, j - 1);
    const ways = [{ errors: paired.errors + (isHit ? 0 : 1), hits: paired.hits + (isHit ? 1 : 0) }];
    for (const rest of [solve(i - 1, j), solve(i, j - 1)]) ways.push({ errors: rest.errors + 1, hits: rest.hits });
    const best = ways.reduce((a, b) => (b.errors < a.errors || (b.errors === a.errors && b.hits > a.hits) ? b : a));
    known.set(`${i},${j}`, best);
    return best;
  };
  return solve(reference.length, hypothesis.length);
}

/** Few different words, so that there are many equal alignments to choose from. */
const words = (maxLength: number) =>
  fc.array(fc.constantFrom('а', 'б', 'в', 'г'), { maxLength }).map((tokens) => normalise(tokens.join(' ')));
const properties = { seed: 20260301, numRuns: 3000 };

function holds(check: (reference: Words, hypothesis: Words) => void): void {
  fc.assert(fc.property(words(9), words(9), check), properties);
}

test('a word missing from the hypothesis is a deletion', () => {
  expect(countErrors(normalise('the cat sat'), normalise('the sat'))).toEqual({
    hits: 2,
    substitutions: 0,
    deletions: 1,
    insertions: 0,
  });
});

test('of equally many errors the alignment with more hits counts', () => {
  // Two substitutions, or a deletion and an insertion around the one hit.
  expect(countErrors(normalise('а б'), normalise('б в'))).toEqual({
    hits: 1,
    substitutions: 0,
    deletions: 1,
    insertions: 1,
  });
});

test('an empty hypothesis is all deletions, an empty reference all insertions', () => {
  expect(countErrors(normalise('а б'), normalise(''))).toMatchObject({ hits: 0, deletions: 2, insertions: 0 });
  expect(countErrors(normalise(''), normalise('а б'))).toMatchObject({ hits: 0, deletions: 0, insertions: 2 });
  expect(countErrors(normalise(''), normalise(''))).toMatchObject({ hits: 0, deletions: 0, insertions: 0 });
});

describe('for any two sides', () => {
  test('errors and hits are those of the definition', () => {
    holds((reference, hypothesis) => {
      const counts = countErrors(reference, hypothesis);
      expect({ errors: errorsOf(counts), hits: counts.hits }).toEqual(oracle(reference, hypothesis));
    });
  });

  test('H + S + D is the length of the reference and H + S + I that of the hypothesis', () => {
    holds((reference, hypothesis) => {
      const counts = countErrors(reference, hypothesis);
      expect(referenceLength(counts)).toBe(reference.length);
      expect(counts.hits + counts.substitutions + counts.insertions).toBe(hypothesis.length);
    });
  });

  test('no count is negative, and errors lie between the difference and the maximum of the lengths', () => {
    holds((reference, hypothesis) => {
      const counts = countErrors(reference, hypothesis);
      expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
      expect(errorsOf(counts)).toBeGreaterThanOrEqual(Math.abs(reference.length - hypothesis.length));
      expect(errorsOf(counts)).toBeLessThanOrEqual(Math.max(reference.length, hypothesis.length));
    });
  });

  test('a text against itself has no errors', () => {
    holds((text) => {
      expect(errorsOf(countErrors(text, text))).toBe(0);
    });
  });

  test('swapping the sides swaps deletions and insertions', () => {
    holds((reference, hypothesis) => {
      const counts = countErrors(reference, hypothesis);
      const swapped = { ...counts, deletions: counts.insertions, insertions: counts.deletions };
      expect(countErrors(hypothesis, reference)).toEqual(swapped);
    });
  });

  test('errors obey the triangle inequality', () => {
    fc.assert(
      fc.property(words(7), words(7), words(7), (a, b, c) => {
        const errors = (x: Words, y: Words) => errorsOf(countErrors(x, y));
        expect(errors(a, c)).toBeLessThanOrEqual(errors(a, b) + errors(b, c));
      }),
      properties,
    );
  });

  test('replaying the alignment gives both sides back, and its steps add up to the counts', () => {
    holds((reference, hypothesis) => {
      const steps = align(reference, hypothesis);
      const referenceSide = steps.flatMap((step) => (step.kind === 'insertion' ? [] : [step.reference]));
      const hypothesisSide = steps.flatMap((step) => (step.kind === 'deletion' ? [] : [step.hypothesis]));
      expect(referenceSide).toEqual(reference.map((_, i) => i));
      expect(hypothesisSide).toEqual(hypothesis.map((_, i) => i));
      for (const step of steps) {
        if (step.kind === 'hit') expect(reference[step.reference]).toBe(hypothesis[step.hypothesis]);
        if (step.kind === 'substitution') expect(reference[step.reference]).not.toBe(hypothesis[step.hypothesis]);
      }
      expect(countsOf(steps)).toEqual(countErrors(reference, hypothesis));
    });
  });

  test('characters are counted as words of one letter are', () => {
    holds((reference, hypothesis) => {
      const joined = (side: Words) => charactersOf(normalise(side.join('')));
      expect(countErrors(joined(reference), joined(hypothesis))).toEqual(countErrors(reference, hypothesis));
    });
  });
});

test('few words, which are compared as they are, are counted as many, which are numbered first', () => {
  const letters = (text: Words) => charactersOf(text, 'without-spaces');
  const agree = fc.property(words(40), words(40), (reference, hypothesis) => {
    expect(countErrors(reference, hypothesis)).toEqual(countErrors(letters(reference), letters(hypothesis)));
  });
  fc.assert(agree, { ...properties, numRuns: 500 });
});

test('an aligner that stops at fewest errors does not pass for canonical', () => {
  // As fewest errors with fewest hits would have it: everything paired where that costs no more.
  const indifferent = (reference: Words, hypothesis: Words) => {
    const best = oracle(reference, hypothesis);
    const paired = reference.filter((word, i) => word === hypothesis[i]).length;
    const isAsCheap = reference.length === hypothesis.length && reference.length - paired === best.errors;
    return isAsCheap ? { errors: best.errors, hits: paired } : best;
  };
  const verdict = fc.check(
    fc.property(words(9), words(9), (reference, hypothesis) => {
      expect(indifferent(reference, hypothesis)).toEqual(oracle(reference, hypothesis));
    }),
    properties,
  );
  expect(verdict.counterexample).toBeDefined();
});

describe('long utterances', () => {
  test('counts by a band are those of the whole alignment', () => {
    fc.assert(
      fc.property(words(150), words(150), (reference, hypothesis) => {
        expect(countErrors(reference, hypothesis)).toEqual(countsOf(align(reference, hypothesis)));
      }),
      { ...properties, numRuns: 300 },
    );
  });

  const spoken = (length: number, wordAt: (i: number) => string) =>
    normalise(Array.from({ length }, (_, i) => wordAt(i)).join(' '));

  test('errors far apart are counted beyond any fixed band', () => {
    const reference = spoken(3000, (i) => `w${i}`);
    const shifted = spoken(3000, (i) => `w${(i + 700) % 3000}`);
    expect(countErrors(reference, shifted)).toEqual({ hits: 2300, substitutions: 0, deletions: 700, insertions: 700 });
  });

  test('the alignment of parts that were divided is canonical too', () => {
    const reference = spoken(2600, (i) => `w${(i * i) % 97}`);
    const hypothesis = spoken(2500, (i) => `w${(i * i + i) % 89}`);
    expect(countsOf(align(reference, hypothesis))).toEqual(countErrors(reference, hypothesis));
  });

  test('a looping decoder costs little time', () => {
    const counts = countErrors(
      spoken(20, (i) => `w${i}`),
      spoken(200_000, () => 'w7'),
    );
    expect(counts).toEqual({ hits: 1, substitutions: 19, deletions: 0, insertions: 199_980 });
  });

  test('20,000 words with an error in ten are counted within a second or so', () => {
    const reference = spoken(20_000, (i) => `w${i % 501}`);
    const hypothesis = spoken(20_000, (i) => (i % 10 === 0 ? 'x' : `w${i % 501}`));
    const started = process.cpuUsage();
    expect(countErrors(reference, hypothesis)).toMatchObject({ hits: 18_000, substitutions: 2000 });
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
  });
});
