import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { add, type ErrorCounts, errorRate, errorsOf, noCounts, referenceLength } from '#lib/counts.ts';
import { createColumns, setCounts } from '#scoring/columns.ts';
import { prepareReferences, scoreFile } from '#scoring/corpus.ts';
import { measure } from '#scoring/measure.ts';
import { numberUnits } from '#scoring/statistics/units.ts';
import { countErrors } from '#scoring/wer/align.ts';
import { charactersOf, createNormaliser, normalise } from '#scoring/wer/normalise.ts';
import { scoreCharacters, scoreWords } from '#scoring/wer/score.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

const counts = (hits: number, substitutions: number, deletions = 0, insertions = 0): ErrorCounts => ({
  hits,
  substitutions,
  deletions,
  insertions,
});

type UnitCounts = { unit: string; counts: ErrorCounts };

/** Pooled counts of utterances of these units. */
function measureUnits(scored: readonly UnitCounts[]) {
  const columns = createColumns(scored.length);
  for (const [i, { counts }] of scored.entries()) setCounts(columns, i, counts);
  return measure(columns, numberUnits(scored.map(({ unit }) => unit)));
}

/** Pairs of a reference and a hypothesis as one corpus. */
function scorePairs(pairs: readonly (readonly [string, string])[]) {
  const records = pairs.map(([reference], i) => ({ id: `u${i}`, references: [reference] as const }));
  const file = pairs.map(([, hypothesis], i) => `u${i} ${hypothesis}\n`).join('');
  const references = prepareReferences(records, createNormaliser('raw'));
  const scored = scoreFile(references, new TextEncoder().encode(file), { characters: 'with-spaces', format: 'kaldi' });
  if (!scored.ok) throw new Error(JSON.stringify(scored.problems));
  return { words: measure(scored.words, null), characters: measure(scored.characters!, null) };
}

describe('pooling', () => {
  test('the corpus rate is that of the pooled counts, not the mean of rates', () => {
    const nine = 'раз два три четыре пять шесть семь восемь девять';
    const { words } = scorePairs([
      ['да', 'нет'],
      [nine, nine],
    ]);
    expect(words).toMatchObject({ errorRate: 0.1, reference: 10 });
  });

  const some = fc.record({
    hits: fc.nat(99),
    substitutions: fc.nat(99),
    deletions: fc.nat(99),
    insertions: fc.nat(99),
  });
  const scored = fc.array(fc.record({ unit: fc.constantFrom('a', 'b', 'c'), counts: some }), { maxLength: 12 });
  const inAnotherOrder = <T>(all: readonly T[]) =>
    fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length });

  test('does not depend on the order of utterances', () => {
    fc.assert(
      fc.property(
        scored.chain((all) => fc.tuple(fc.constant(all), inAnotherOrder(all))),
        ([all, shuffled]) => {
          const [{ interval, ...one }, { interval: otherInterval, ...other }] = [
            measureUnits(all),
            measureUnits(shuffled),
          ];
          expect(other).toEqual(one);
          expect(otherInterval === null).toBe(interval === null);
          for (const i of [0, 1]) expect(otherInterval?.[i] ?? 0).toBeCloseTo(interval?.[i] ?? 0, 9);
        },
      ),
      { seed: 20260301, numRuns: 300 },
    );
  });

  test('in parts and then the parts is pooling all at once', () => {
    fc.assert(
      fc.property(fc.array(some), fc.nat(20), (all, cut) => {
        const [first, second] = [all.slice(0, cut), all.slice(cut)].map((part) => part.reduce(add, noCounts));
        expect(add(first!, second!)).toEqual(all.reduce(add, noCounts));
      }),
      { seed: 20260301 },
    );
  });

  test('does not depend on the order of lines in either file', () => {
    const spoken = fc.array(fc.constantFrom('да', 'нет', 'ещё'), { maxLength: 5 }).map((words) => words.join(' '));
    const pairs = fc
      .array(fc.tuple(spoken, spoken), { minLength: 1, maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), inAnotherOrder([...all.keys()])));
    fc.assert(
      fc.property(pairs, ([all, order]) => {
        const [one, other] = [scorePairs(all), scorePairs(order.map((i) => all[i]!))];
        // Sums of squares may round otherwise in another order; counts and their ratio may not.
        expect({ ...other.words, interval: null }).toEqual({ ...one.words, interval: null });
        expect({ ...other.characters, interval: null }).toEqual({ ...one.characters, interval: null });
      }),
      { seed: 20260301, numRuns: 200 },
    );
  });

  test('where no reference has a word there is no rate, and insertions still count', () => {
    const score = scorePairs([['', 'да да']]);
    expect(score.words).toMatchObject({ insertions: 2, reference: 0, errorRate: null, interval: null });
    expect(score.characters).toMatchObject({ insertions: 5, reference: 0, errorRate: null, interval: null });
  });

  test('a rate may pass 1', () => {
    expect(errorRate(counts(0, 1, 0, 2))).toBe(3);
  });
});

describe('alternatives', () => {
  const references = (...texts: string[]) => texts.map((text) => normalise(text));

  test('the cheapest counts', () => {
    expect(scoreWords(references('чуть чуть', 'чуть-чуть'), normalise('чуть-чуть'))).toEqual(counts(1, 0));
  });

  test('of equally cheap ones the one with more hits counts, in whatever order they stand', () => {
    const expected = counts(2, 0, 1);
    expect(scoreWords(references('да', 'да да да'), normalise('да да'))).toEqual(expected);
    expect(scoreWords(references('да да да', 'да'), normalise('да да'))).toEqual(expected);
  });

  test('cost no more than any of them alone, and their order does not matter', () => {
    const text = fc.array(fc.constantFrom('а', 'б', 'аб'), { maxLength: 5 }).map((words) => normalise(words.join(' ')));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (alternatives, hypothesis) => {
        for (const score of [scoreWords, scoreCharacters]) {
          const chosen = score(alternatives, hypothesis);
          const each = alternatives.map((alternative) => errorsOf(score([alternative], hypothesis)));
          expect(errorsOf(chosen)).toBe(Math.min(...each));
          expect(score([...alternatives].reverse(), hypothesis)).toEqual(chosen);
        }
      }),
      { seed: 20260301, numRuns: 500 },
    );
  });

  test('words and characters may choose different ones', () => {
    const both = references('аб вг', 'абвгд е ж');
    expect(errorsOf(scoreWords(both, normalise('абвгд')))).toBe(2);
    expect(scoreCharacters(both, normalise('абвгд'))).toEqual(
      countErrors(charactersOf(both[0]!), charactersOf(normalise('абвгд'))),
    );
  });
});

describe('the interval', () => {
  const units: UnitCounts[] = [
    { unit: 'a', counts: counts(9, 1) },
    { unit: 'b', counts: counts(7, 3) },
  ];

  test('is the delta method’s over units', () => {
    // R = 4/20; residuals −1 and 1; SE = √(2/1 · 2) / 20 = 0.1.
    const [low, high] = measureUnits(units).interval!;
    expect(low).toBeCloseTo(0.2 - 0.1959963984540054, 12);
    expect(high).toBeCloseTo(0.2 + 0.1959963984540054, 12);
  });

  test('never starts below 0', () => {
    expect(measureUnits([...units, { unit: 'c', counts: counts(0, 0, 0, 9) }]).interval![0]).toBe(0);
  });

  test('is unknown where there is a single unit', () => {
    expect(measureUnits([{ unit: 'a', counts: counts(9, 1) }]).interval).toBeNull();
    expect(measureUnits(units.map(({ counts }) => ({ unit: 'speaker', counts }))).interval).toBeNull();
  });

  test('widens when utterances of one speaker err together', () => {
    const errors = [5, 5, 5, 5, 0, 0, 0, 0];
    const width = (unitAt: (i: number) => string) => {
      const [low, high] = measureUnits(errors.map((e, i) => ({ unit: unitAt(i), counts: counts(10 - e, e) })))
        .interval!;
      return high - low;
    };
    expect(width((i) => (i < 4 ? 'one' : 'other'))).toBeGreaterThan(width((i) => `u${i}`));
  });

  test('is a point where every unit errs alike', () => {
    const alike = [1, 2, 3].map((i) => ({ unit: `${i}`, counts: counts(9 * i, i) }));
    expect(measureUnits(alike).interval).toEqual([0.1, 0.1]);
  });
});

describe('against other tools', () => {
  const golden = (name: string) => readFileSync(new URL(`../golden/${name}`, import.meta.url));
  type Side = string | string[];
  type MeasureCase = {
    function: string;
    transform: string;
    reference: Side;
    hypothesis: Side;
    expect?: Record<string, number>;
  };
  const jiwer: MeasureCase[] = JSON.parse(golden('jiwer_cases.json').toString()).measure_cases;
  const scorable = jiwer.filter((one) => one.expect);
  /** jiwer keeps runs of spaces as characters; here one space stands between words. */
  const hasRunsOfSpaces = (one: MeasureCase) =>
    one.transform === 'cer_default' && / {2}/.test([one.reference].flat().join());

  function totalOf({ transform, reference, hypothesis }: MeasureCase): ErrorCounts {
    const sides = [reference, hypothesis].map((side) => [side].flat());
    const [references, hypotheses] = transform === 'wer_contiguous' ? sides.map((side) => [side.join(' ')]) : sides;
    return references!
      .map((text, i) => {
        const [r, h] = [normalise(text), normalise(hypotheses![i]!)];
        return transform === 'cer_default' ? countErrors(charactersOf(r), charactersOf(h)) : countErrors(r, h);
      })
      .reduce(add, noCounts);
  }

  test('errors and lengths are those of jiwer in every case it counts', () => {
    const compared = scorable.filter((one) => !hasRunsOfSpaces(one));
    expect(compared.length).toBeGreaterThan(70);
    for (const one of compared) {
      const total = totalOf(one);
      const expected = one.expect!;
      const rate = expected.wer ?? expected.cer!;
      // Where the reference is empty jiwer gives the number of insertions for a rate.
      expect(errorRate(total) ?? errorsOf(total), JSON.stringify(one)).toBeCloseTo(rate, 12);
      if (expected.hits !== undefined) expect(total.hits).toBeGreaterThanOrEqual(expected.hits);
    }
  });

  test('errors are those of Kaldi and kaldialign', () => {
    const other = JSON.parse(golden('other_cases.json').toString());
    const cases: { ref: (string | number)[]; hyp: (string | number)[]; total: number }[] = [
      ...other.kaldi_edit_distance,
      ...other.kaldialign_edit_distance,
    ];
    for (const { ref, hyp, total } of cases) {
      expect(errorsOf(countErrors(normalise(ref.join(' ')), normalise(hyp.join(' '))))).toBe(total);
    }
  });

  test('10,000 utterances agree with jiwer in total and with the canonical rule in each', () => {
    const lines = (name: string) =>
      gunzipSync(golden(`wer10k/${name}.gz`))
        .toString()
        .trimEnd()
        .split('\n');
    const expected = JSON.parse(golden('wer10k/expected.json').toString())['10k'];
    const textOf = (line: string) => normalise(line.slice(line.indexOf(' ') + 1));
    const hypotheses = lines('hyp.txt').map(textOf);
    const perUtterance = lines('expected_per_utt.tsv').slice(1);
    const scored = lines('ref.txt').map((line, i) => countErrors(textOf(line), hypotheses[i]!));
    expect(scored.map((c) => [c.substitutions, c.deletions, c.insertions, c.hits].join('\t'))).toEqual(
      perUtterance.map((line) => line.split('\t').slice(1, 5).join('\t')),
    );
    const total = scored.reduce(add, noCounts);
    expect(referenceLength(total)).toBe(expected.refWords);
    expect(errorsOf(total)).toBe(expected['hyp.txt'].errors);
    const { S, D, I, H } = expected['hyp.txt'].canonical_maxhits;
    expect(total).toEqual({ hits: H, substitutions: S, deletions: D, insertions: I });
  });
});
