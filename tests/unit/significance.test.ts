import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createColumns, setCounts } from '#scoring/columns.ts';
import { compareSystems, testNames } from '#scoring/statistics/compare.ts';
import { rateDifferences } from '#scoring/statistics/differences.ts';
import { fairTail } from '#scoring/statistics/distributions.ts';
import { collectEvents, eventsOf } from '#scoring/statistics/events.ts';
import { mapsswe } from '#scoring/statistics/mapsswe.ts';
import { mcnemar } from '#scoring/statistics/mcnemar.ts';
import { signTest } from '#scoring/statistics/sign.ts';
import { numberUnits, poolByUnit } from '#scoring/statistics/units.ts';
import { wilcoxon } from '#scoring/statistics/wilcoxon.ts';
import { align } from '#scoring/wer/align.ts';
import { goldenSet, systemOf, wordsOf } from '../golden-significance.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

describe.each(['g240', 'g2000'] as const)('the golden set %s', (name) => {
  const golden = goldenSet(name);
  const first = systemOf(golden.references, golden.first);
  const second = systemOf(golden.references, golden.second);
  const speakers = numberUnits(golden.ids.map((id) => id.slice(0, id.indexOf('-'))));
  const units = [first, second].map(({ words }) => poolByUnit(words, speakers));

  test('MAPSSWE finds the segments, the deviation and the Z of NIST', () => {
    const found = mapsswe(first.events(), second.events());
    const { segments, err, mean, sd, Z, p2 } = golden.expected.mapsswe;
    expect(found.segments).toBe(segments);
    expect(found.errors).toEqual(err);
    expect(found.mean).toBeCloseTo(mean, 6);
    expect(found.deviation).toBeCloseTo(sd, 6);
    expect(found.z).toBeCloseTo(Z, 6);
    expect(found.pValue).toBeCloseTo(p2, 6);
  });

  test('McNemar is exact, where sc_stats calls the same table significant', () => {
    const [[, onlyFirst], [onlySecond]] = golden.expected.mcnemar.table;
    const found = mcnemar(first.words, second.words);
    expect(found).toMatchObject({ onlyFirst, onlySecond });
    expect(found.pValue).toBeCloseTo(golden.expected.mcnemar.pExact2, 12);
    expect(golden.report).toMatch(/MN .*<0\.001 {3}\*\*\*/);
    expect(found.pValue).toBeGreaterThan(0.18);
  });

  test('the sign test by speaker is exact; sc_stats tosses for equal pairs, too', () => {
    const { above, below, equal, pValue } = signTest(rateDifferences(units[0]!, units[1]!));
    const { plusA, minusA, eq, p } = golden.expected.sign;
    expect([above, below].sort()).toEqual([plusA, minusA].sort());
    expect(equal).toBe(eq);
    const smaller = Math.min(above, below);
    expect(2 * fairTail(smaller, above + below + equal)).toBeCloseTo(p, 12);
    expect(pValue).toBeCloseTo(Math.min(1, 2 * fairTail(smaller, above + below)), 12);
  });

  test('Wilcoxon by speaker is near the normal figure of sc_stats', () => {
    const reported = Number(/WI .*?(0\.\d+)/.exec(golden.report)![1]);
    expect(Math.abs(wilcoxon(rateDifferences(units[0]!, units[1]!)).pValue - reported)).toBeLessThan(0.05);
  });
});

test('MAPSSWE under sclite’s rule finds in 10,000 utterances what sc_stats finds, to the error', () => {
  const folder = join(import.meta.dirname, '../golden/wer10k');
  const textsOf = (file: string) =>
    new Map(
      gunzipSync(readFileSync(join(folder, `${file}.gz`)))
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => [line.split(' ', 1)[0]!, wordsOf(line.slice(line.indexOf(' ')))]),
    );
  const [references, ...systems] = ['ref.txt', 'hyp.txt', 'hyp_b.txt'].map(textsOf);
  const ids = [...references!.keys()];
  const found = (ties: 'canonical' | 'sclite') => {
    const [a, b] = systems.map((texts) =>
      systemOf(
        [...references!.values()],
        ids.map((id) => texts.get(id)!),
        ties,
      ).events(),
    );
    return mapsswe(a!, b!);
  };
  const { segments, errors, z, pValue } = found('sclite');
  expect({ segments, errors }).toEqual({ segments: 15_190, errors: [17_407, 16_572] });
  expect(z).toBeCloseTo(4.755, 3);
  expect(pValue).toBeCloseTo(1.98e-6, 8);
  // The control: under our own rule an error fewer counts.
  expect(found('canonical').errors).toEqual([17_406, 16_572]);
});

describe('MAPSSWE', () => {
  const eventsBetween = (reference: string, hypothesis: string, wording = 0) =>
    eventsOf(align(wordsOf(reference), wordsOf(hypothesis)), wording);
  const segmentsOf = (reference: string, first: string, second: string) =>
    mapsswe(collectEvents([eventsBetween(reference, first)]), collectEvents([eventsBetween(reference, second)]))
      .segments;

  test('errors with one word right between them share a segment; with two they do not', () => {
    expect(segmentsOf('a b c d', 'x b y d', 'a b c d')).toBe(1);
    expect(segmentsOf('a b c d', 'x b c y', 'a b c d')).toBe(2);
  });

  test('an error of either system holds a segment together', () => {
    expect(segmentsOf('a b c d e', 'x b c d y', 'a b c d e')).toBe(2);
    expect(segmentsOf('a b c d e', 'x b c d y', 'a b z d e')).toBe(1);
  });

  test('an insertion stands between two words', () => {
    expect(segmentsOf('a b c d', 'a b x c y', 'a b c d')).toBe(1);
    expect(segmentsOf('a b c d', 'x a b y c d', 'a b c d')).toBe(2);
    expect(eventsBetween('a b', 'x y a z b').places).toEqual([0, 2]);
    expect(eventsBetween('a b', 'x y a z b').errors).toEqual([2, 1]);
  });

  test('systems scored against different wordings make one segment of an utterance, with the errors they were scored with', () => {
    const first = collectEvents([eventsBetween('a b c d e f', 'x b c d e y', 0)]);
    const second = collectEvents([eventsBetween('k l', 'k m', 1)]);
    expect(mapsswe(first, second)).toMatchObject({ segments: 1, errors: [2, 1] });
    const control = collectEvents([eventsBetween('a b c d e f', 'a z c d e f', 0)]);
    expect(mapsswe(first, control)).toMatchObject({ segments: 2, errors: [2, 1] });
  });

  test('segments that all differ alike tell nothing of chance', () => {
    const first = collectEvents([eventsBetween('a', 'x'), eventsBetween('b', 'x')]);
    const right = collectEvents([eventsBetween('a', 'a'), eventsBetween('b', 'b')]);
    expect(mapsswe(first, right)).toMatchObject({ segments: 2, z: null, pValue: null });
  });
});

describe('a comparison', () => {
  const sentence = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 })
    .map((words) => wordsOf(words.join(' ')));
  const corpus = fc.array(fc.tuple(sentence, sentence, sentence), { minLength: 1, maxLength: 12 });
  const options = { resamples: 200 };

  test.each(testNames)('turns its sign with the order of the systems under %s, and p stays within 0 and 1', (name) => {
    fc.assert(
      fc.property(corpus, (rows) => {
        const references = rows.map(([reference]) => reference);
        const [a, b] = [1, 2].map((side) =>
          systemOf(
            references,
            rows.map((row) => row[side]!),
          ),
        );
        const there = compareSystems(name, a!, b!, options);
        const back = compareSystems(name, b!, a!, options);
        expect(back.difference ?? 0).toBeCloseTo(-(there.difference ?? 0), 12);
        expect(back.pValue === null).toBe(there.pValue === null);
        expect(back.pValue ?? 0).toBeCloseTo(there.pValue ?? 0, 12);
        expect(back.interval?.[0] ?? 0).toBeCloseTo(-(there.interval?.[1] ?? 0), 9);
        expect(there.pValue ?? 0).toBeGreaterThanOrEqual(0);
        expect(there.pValue ?? 0).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  test.each(testNames)('of a system with itself is no difference under %s', (name) => {
    const { references, first } = goldenSet('g240');
    const system = systemOf(references, first);
    const found = compareSystems(name, system, system, options);
    expect(found).toMatchObject({ difference: 0, pValue: 1, test: name });
    expect(found.interval!.map(Math.abs)).toEqual([0, 0]);
  });

  test.each(testNames)('does not exist without reference words under %s', (name) => {
    const words = createColumns(2);
    setCounts(words, 0, { hits: 0, substitutions: 0, deletions: 0, insertions: 3 });
    const system = { words, events: () => collectEvents([]) };
    const nothing = { difference: null, interval: null, pValue: null, test: name };
    expect(compareSystems(name, system, system)).toEqual(nothing);
  });

  test('finds a real difference, and gives its interval by either method', () => {
    const { references, first } = goldenSet('g2000');
    const better = systemOf(references, first);
    const worse = systemOf(
      references,
      first.map((words, i) => (i % 5 === 0 ? wordsOf(`мм ${words.join(' ')}`) : words)),
    );
    for (const name of testNames) {
      const found = compareSystems(name, worse, better, options);
      expect(found.difference).toBeGreaterThan(0);
      expect(found.interval![0]).toBeGreaterThan(0);
      expect(found.pValue).toBeLessThan(0.02);
    }
    const delta = compareSystems('mapsswe', worse, better);
    const bootstrap = compareSystems('mapsswe', worse, better, { interval: 'bootstrap', resamples: 2_000 });
    for (const i of [0, 1]) expect(bootstrap.interval![i]).toBeCloseTo(delta.interval![i]!, 3);
    expect(bootstrap.pValue).toBe(delta.pValue);
  });
});
