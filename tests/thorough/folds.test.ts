import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import demoSplits from '#lib/datasets/demo-splits.json' with { type: 'json' };
import { divideIntoFolds } from '#lib/datasets/folds.ts';
import { comparableText, groupNearTexts } from '#lib/datasets/near-texts.ts';
import { splitByText } from '#lib/datasets/split.ts';

const salt = Buffer.alloc(32, 1);
const otherSalt = Buffer.alloc(32, 2);

type Given = Partial<{
  speaker: string;
  group: string;
  reference: string;
  seconds: number | null;
  slices: Record<string, string>;
}>;

function utterances(count: number, of: (i: number) => Given) {
  return Array.from({ length: count }, (_, i) => ({
    id: `u${i}`,
    speaker: null,
    group: null,
    reference: sentence(i),
    seconds: 1 + (i % 17),
    ...of(i),
  }));
}

/** Different for every number, and near to no other. */
function sentence(i: number): string {
  return createHash('sha256').update(String(i)).digest('hex').replace(/\d/g, ' ');
}

function publicShare(foldOf: readonly string[]): number {
  return foldOf.filter((fold) => fold === 'public').length / foldOf.length;
}

test('the public fold has its share of the utterances', () => {
  for (const percent of [10, 30, 50]) {
    const { foldOf } = divideIntoFolds(
      utterances(1000, () => ({})),
      percent,
      salt,
    );
    expect(publicShare(foldOf) * 100).toBeCloseTo(percent, 0);
  }
});

test('short, middling and long recordings are divided alike', () => {
  const given = utterances(900, (i) => ({ seconds: i }));
  const { foldOf } = divideIntoFolds(given, 30, salt);
  for (const third of [0, 1, 2]) expect(publicShare(foldOf.slice(third * 300, third * 300 + 300))).toBeCloseTo(0.3, 1);
});

test('the seconds have their share, too, though a few recordings are very long', () => {
  const seconds = Array.from({ length: 900 }, (_, i) => (i % 50 === 0 ? 40 : 1));
  const { foldOf } = divideIntoFolds(
    utterances(900, (i) => ({ seconds: seconds[i]! })),
    30,
    salt,
  );
  const secondsIn = (wanted: readonly string[]) =>
    seconds.reduce((total, value, i) => total + (wanted.includes(foldOf[i]!) ? value : 0), 0);
  expect(secondsIn(['public']) / secondsIn(['public', 'private'])).toBeCloseTo(0.3, 1);
});

test('recordings of unknown length are divided, too', () => {
  const { foldOf } = divideIntoFolds(
    utterances(200, () => ({ seconds: null })),
    50,
    salt,
  );
  expect(publicShare(foldOf)).toBeCloseTo(0.5, 1);
});

test('the same salt divides in the same way, another salt in another', () => {
  const given = utterances(200, () => ({}));
  const folds = divideIntoFolds(given, 50, salt).foldOf;
  expect(divideIntoFolds(given, 50, salt).foldOf).toEqual(folds);
  const same = divideIntoFolds(given, 50, otherSalt).foldOf.filter((fold, i) => fold === folds[i]).length;
  expect(same).toBeGreaterThan(60);
  expect(same).toBeLessThan(140);
});

test('the division does not depend on the order of the manifest', () => {
  const given = utterances(200, () => ({}));
  const foldById = (list: typeof given) => {
    const { foldOf } = divideIntoFolds(list, 30, salt);
    return new Map(list.map(({ id }, i) => [id, foldOf[i]]));
  };
  const backwards = foldById(given.toReversed());
  for (const [id, fold] of foldById(given)) expect(backwards.get(id)).toBe(fold);
});

test('no unit is ever cut', () => {
  const given = utterances(600, (i) => ({ speaker: `s${i % 40}` }));
  const { kind, unitOf, foldOf } = divideIntoFolds(given, 30, salt);
  expect(kind).toBe('speaker');
  const foldOfUnit = new Map<string, string>();
  for (const [i, unit] of unitOf.entries()) {
    expect(foldOfUnit.get(unit) ?? foldOf[i]).toBe(foldOf[i]);
    foldOfUnit.set(unit, foldOf[i]!);
  }
  expect(new Set(foldOfUnit.values()).size).toBe(2);
  expect(publicShare(foldOf)).toBeCloseTo(0.3, 1);
});

describe('slices', () => {
  /** 40 speakers of one region each, recorded at home or in the street; the region decides how much each of them says. */
  const regions = ['north', 'south', 'east', 'west'];
  const drawn = fc.record({
    salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    percent: fc.constantFrom(30, 50),
    streets: fc.array(fc.boolean(), { minLength: 500, maxLength: 500 }),
    regionOf: fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }),
  });
  type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;
  const spoken = ({ streets, regionOf }: Drawn, sliced = true) =>
    utterances(streets.length, (i) => ({
      speaker: `s${i % 40}`,
      ...(sliced && { slices: { place: streets[i] ? 'street' : 'home', region: regions[regionOf[i % 40]!]! } }),
    }));
  /** How far the public share of the worst region with at least eight speakers is from what was asked for. */
  const worst = (given: Drawn, foldOf: readonly string[]) => {
    const large = [0, 1, 2, 3].filter((region) => given.regionOf.filter((other) => other === region).length >= 8);
    const shares = large.map((region) => publicShare(foldOf.filter((_, i) => given.regionOf[i % 40] === region)));
    return Math.max(...shares.map((share) => Math.abs(share - given.percent / 100)));
  };
  const runs = { seed: 5, numRuns: 8 };

  test('have their share in the public fold, units stay whole, and the order of the manifest is of no account', () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const all = spoken(given);
        const { unitOf, foldOf } = divideIntoFolds(all, given.percent, given.salt);
        expect(worst(given, foldOf)).toBeLessThan(0.08);
        expect(Math.abs(publicShare(foldOf) - given.percent / 100)).toBeLessThan(0.05);
        expect(new Set(unitOf.map((unit, i) => `${unit} ${foldOf[i]}`)).size).toBe(40);
        const backwards = divideIntoFolds(all.toReversed(), given.percent, given.salt);
        expect(backwards.foldOf.toReversed()).toEqual(foldOf);
      }),
      runs,
    );
  });

  test('would not have it, were they not looked at', () => {
    const misses = fc.sample(drawn, runs).filter((given) => {
      const { foldOf } = divideIntoFolds(spoken(given, false), given.percent, given.salt);
      return worst(given, foldOf) >= 0.08;
    });
    expect(misses.length).toBeGreaterThan(7);
  });

  test('of thousands of values, each on one utterance, take nothing from the balance of durations', () => {
    const given = utterances(900, (i) => ({ seconds: i, slices: { take: `take ${i}` } }));
    const { foldOf } = divideIntoFolds(given, 30, salt);
    for (const third of [0, 300, 600]) expect(publicShare(foldOf.slice(third, third + 300))).toBeCloseTo(0.3, 1);
  });
});

test('twenty speakers are the unit, nineteen are too few', () => {
  const kindWith = (speakers: number, given: Given = {}) =>
    divideIntoFolds(
      utterances(100, (i) => ({ speaker: `s${i % speakers}`, ...given })),
      30,
      salt,
    ).kind;
  expect(kindWith(20)).toBe('speaker');
  expect(kindWith(19)).toBe('text');
  expect(kindWith(19, { group: 'g' })).toBe('group');
});

test('without speakers and groups, near-equal texts are one unit', () => {
  const given = utterances(100, (i) =>
    i < 50 ? { reference: `Нажмите ${'решётку '.repeat(3)}${i % 2 ? '.' : '!'}` } : {},
  );
  const { kind, unitOf } = divideIntoFolds(given, 30, salt);
  expect(kind).toBe('text');
  expect(new Set(unitOf).size).toBe(51);
});

test('texts are compared without case, punctuation and the dots of ё', () => {
  expect(comparableText('  «Ещё»  раз, ПИН-код! ')).toBe('еще раз пин код');
});

test('texts that differ by a word in a long sentence are near, other texts are not', () => {
  const texts = [
    'конференция начнется когда подключится наш славный руководитель',
    'Конференция начнется, когда подключится руководитель.',
    'Конференция завершена',
    'минут',
    'минута',
  ];
  const groups = groupNearTexts(texts);
  expect(groups[0]).toBe(groups[1]);
  expect(new Set(groups).size).toBe(4);
  expect(groupNearTexts(texts.toReversed()).toReversed()).toEqual(groups);
});

test('five thousand variants of one sentence are grouped in a moment', () => {
  const texts = Array.from(
    { length: 5000 },
    (_, i) => `позвоните по номеру который вы слышали в начале разговора ${i}`,
  );
  const started = performance.now();
  expect(new Set(groupNearTexts(texts)).size).toBe(1);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('near-equal texts fall into one split, and the splits have about their shares', () => {
  const texts = Array.from({ length: 2000 }, (_, i) => `${sentence(i % 1000)}${i < 1000 ? '' : '!'}`);
  const drawn = splitByText(texts, salt);
  expect(drawn.slice(1000)).toEqual(drawn.slice(0, 1000));
  const share = (split: string) => drawn.filter((other) => other === split).length / drawn.length;
  expect(share('test')).toBeCloseTo(0.22, 1);
  expect(share('dev')).toBeCloseTo(0.08, 1);
  expect(splitByText(texts, otherSalt)).not.toEqual(drawn);
});

test('the splits of the demo are committed: 358, 56 and 124 prompts, none twice', () => {
  const { train, dev, test: tested } = demoSplits;
  expect([train.length, dev.length, tested.length]).toEqual([358, 56, 124]);
  expect(new Set([...train, ...dev, ...tested]).size).toBe(538);
});
