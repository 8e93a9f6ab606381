import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { bootstrapAllSystems } from '#scoring/all-systems.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { createStatisticsKernel } from '#scoring/kernel/statistics.ts';
import { sumsOnRung } from '#scoring/runtime/sums.ts';
import { openRuntime } from '#scoring/runtime.ts';
import { createBootstrap, resampledSums } from '#scoring/statistics/bootstrap.ts';
import { createCountDraws, isExactProduct } from '#scoring/statistics/bootstrap-product.ts';
import { collectEvents, type ErrorEvents } from '#scoring/statistics/events.ts';
import { segmentSumsOfPairs } from '#scoring/statistics/mapsswe.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import { goldenSet, systemOf } from '../golden-significance.ts';

vi.setConfig({ testTimeout: 60_000 });

const module = loadModule('statistics');
const kernel = createStatisticsKernel(module);
const plain = createStatisticsKernel(null);

test('the kernel is there, and without it plain TypeScript stands in', () => {
  expect(module).not.toBeNull();
  expect(kernel.resampledSums).not.toBe(resampledSums);
  expect(plain).toEqual({ resampledSums, createCountDraws, segmentSumsOfPairs });
});

describe('sums over resamples', () => {
  const column = (units: number, most: number) =>
    fc
      .array(fc.integer({ min: 0, max: most }), { minLength: units, maxLength: units })
      .map((v) => Float64Array.from(v));
  const columns = fc
    .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom(3, 300, 32_767, 40_000))
    .chain(([units, systems, most]) => fc.array(column(units, most), { minLength: systems, maxLength: systems }));

  test('are those of the definition, whatever is drawn', () => {
    fc.assert(
      fc.property(columns, fc.integer(), fc.integer({ min: 1, max: 150 }), (given, seed, resamples) => {
        const options = { seed, resamples };
        expect(kernel.resampledSums(given, options)).toEqual(resampledSums(given, options));
      }),
      { numRuns: 80 },
    );
  });

  test('are those of the definition for more units than are multiplied at a time', () => {
    for (const units of [1_024, 1_025, 3_001]) {
      const given = [1, 2, 3].map((k) => Float64Array.from({ length: units }, (_, i) => (i * k * 7919) % 31));
      const options = { seed: units, resamples: 130 };
      expect(kernel.resampledSums(given, options)).toEqual(resampledSums(given, options));
    }
  });

  test('of nothing are nothing', () => {
    expect(kernel.resampledSums([], { seed: 1, resamples: 3 })).toEqual([]);
    expect(kernel.resampledSums([new Float64Array()], { seed: 1, resamples: 3 })).toEqual([new Float64Array(3)]);
  });
});

describe('the bootstrap of many systems', () => {
  const random = createRandom(5);
  const lengths = Float64Array.from({ length: 500 }, () => 1 + drawBelow(random, 30));
  const systems = Array.from({ length: 12 }, (_, s) => ({
    errors: lengths.map((n) => drawBelow(random, Math.min(n, 2 + s))),
    lengths,
  }));
  const columns = systems.map(({ errors }) => errors);

  test('draws in the kernel what the definition draws', () => {
    for (const units of [1, 3, 70, 1_025]) {
      const [counts, expected] = [new Float32Array(units * 130), new Float32Array(units * 130)];
      kernel.createCountDraws(units, 9)(counts);
      createCountDraws(units, 9)(expected);
      expect(counts).toEqual(expected);
    }
  });

  test('is the same on a rung of the ladder as in the kernel, bit for bit', async () => {
    const runtime = await openRuntime({ wanted: 'wasm' });
    for (const resamples of [1, 999, 2_500]) {
      const options = { seed: 3, resamples };
      const onRung = await sumsOnRung(runtime.tf, columns, options, kernel.createCountDraws);
      expect(onRung).toEqual(kernel.resampledSums(columns, options));
    }
    const expected = createBootstrap(systems, { resamples: 3_000, sums: kernel.resampledSums });
    for (const rung of [null, runtime]) {
      const { bootstrap } = await bootstrapAllSystems(systems, { resamples: 3_000, runtime: rung });
      for (let s = 1; s < systems.length; s += 1) expect(bootstrap.compare(0, s)).toEqual(expected.compare(0, s));
    }
  });

  test('goes to the rung only where all is exact in float32', () => {
    const column = (units: number, value: number) => new Float64Array(units).fill(value);
    expect(isExactProduct([column(8_000, 2_047)])).toBe(true);
    expect(isExactProduct([column(10, 2_048)])).toBe(false);
    expect(isExactProduct([column(8_400, 2_000)])).toBe(false);
    expect(isExactProduct([])).toBe(false);
  });
});

describe('segments of every two systems', () => {
  /** Most utterances are to fit masks under every system. */
  const often = new Array<number>(60).fill(1);
  /** Utterances of up to 130 words, of which a mask holds 31; gaps of up to 6 insertions, of which it holds 4. */
  const utterance = fc
    .tuple(
      fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 28, max: 130 })),
      fc.array(fc.tuple(fc.oneof(fc.nat(80), fc.nat(260)), fc.constantFrom(...often, 2, 3, 4, 6)), { maxLength: 24 }),
      fc.constantFrom(...often.map(() => 0), 1),
    )
    .map(([length, drawn, wording]): ErrorEvents => {
      const at = new Map(drawn.filter(([place]) => place <= 2 * length).sort((a, b) => a[0] - b[0]));
      return { wording, places: [...at.keys()], errors: [...at].map(([place, count]) => (place % 2 ? 1 : count)) };
    });

  test('are those of the definition', () => {
    const systems = fc.integer({ min: 0, max: 6 }).chain((utterances) =>
      fc.array(fc.array(utterance, { minLength: utterances, maxLength: utterances }).map(collectEvents), {
        maxLength: 4,
      }),
    );
    fc.assert(
      fc.property(systems, (given) => {
        expect(kernel.segmentSumsOfPairs(given)).toEqual(segmentSumsOfPairs(given));
      }),
      { numRuns: 400 },
    );
  });

  test('of the golden sets are those of NIST', () => {
    for (const name of ['g240', 'g2000'] as const) {
      const { references, first, second, expected } = goldenSet(name);
      const given = [first, second].map((hypotheses) => systemOf(references, hypotheses).events());
      const { segments, err } = expected.mapsswe;
      expect(kernel.segmentSumsOfPairs(given)).toMatchObject([{ segments, errors: err }]);
    }
  });
});
