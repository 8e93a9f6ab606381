import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { add, type ErrorCounts, errorsOf, noCounts } from '#lib/counts.ts';
import { createColumns, setCounts } from '#scoring/columns.ts';
import {
  informationLost,
  informationPreserved,
  matchErrorRate,
  sentenceErrorRate,
  utterancesWithErrors,
} from '#scoring/wer/measures.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { countErrorsUnder } from '#scoring/wer/ties.ts';

const golden = (name: string) => readFileSync(new URL(`../golden/${name}`, import.meta.url));

const counts = (hits: number, substitutions: number, deletions: number, insertions: number): ErrorCounts => ({
  hits,
  substitutions,
  deletions,
  insertions,
});

function columnsOf(all: readonly ErrorCounts[]) {
  const columns = createColumns(all.length);
  for (const [i, one] of all.entries()) setCounts(columns, i, one);
  return columns;
}

describe('MER, WIP and WIL', () => {
  type Side = string | string[];
  type Case = { transform: string; reference: Side; hypothesis: Side; expect?: Record<string, number> };
  const cases: Case[] = JSON.parse(golden('jiwer_cases.json').toString()).measure_cases;

  test('are those of jiwer in every case it counts', () => {
    const measured = cases.filter(({ expect }) => expect?.mer !== undefined);
    expect(measured.length).toBeGreaterThan(50);
    for (const { transform, reference, hypothesis, expect: rates } of measured) {
      const sides = [reference, hypothesis].map((side) => [side].flat());
      const [theirs, ours] = transform === 'wer_contiguous' ? sides.map((side) => [side.join(' ')]) : sides;
      const total = theirs!
        .map((text, i) => countErrorsUnder('jiwer', normalise(text), normalise(ours![i]!)))
        .reduce(add, noCounts);
      const of = JSON.stringify({ transform, reference, hypothesis });
      // Where both sides, or the reference alone, are empty jiwer gives a number; there is none.
      expect(matchErrorRate(total) ?? 0, of).toBeCloseTo(rates!.mer!, 14);
      if (total.hits + total.substitutions + total.deletions === 0) {
        expect([informationPreserved(total), informationLost(total)], of).toEqual([null, null]);
      } else {
        expect(informationPreserved(total), of).toBeCloseTo(rates!.wip!, 14);
        expect(informationLost(total), of).toBeCloseTo(rates!.wil!, 14);
      }
    }
  });

  test('of an empty hypothesis say that all is lost', () => {
    const all = counts(0, 0, 3, 0);
    expect([matchErrorRate(all), informationPreserved(all), informationLost(all)]).toEqual([1, 0, 1]);
  });

  test('of an empty reference say that all is wrong and nothing could be preserved', () => {
    const all = counts(0, 0, 0, 2);
    expect([matchErrorRate(all), informationPreserved(all), informationLost(all)]).toEqual([1, null, null]);
  });

  test('of nothing are no numbers', () => {
    expect([matchErrorRate(noCounts), informationPreserved(noCounts), informationLost(noCounts)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('SER', () => {
  test('counts utterances with any kind of error, those with an empty reference too', () => {
    const columns = columnsOf([
      counts(3, 0, 0, 0),
      counts(2, 1, 0, 0),
      counts(2, 0, 1, 0),
      counts(0, 0, 0, 1),
      noCounts,
    ]);
    expect(utterancesWithErrors(columns)).toBe(3);
    expect(sentenceErrorRate(columns)).toBe(0.6);
  });

  test('of no utterances is no number', () => {
    expect(sentenceErrorRate(columnsOf([]))).toBeNull();
  });

  test('of 10,000 utterances is that of other tools', () => {
    const perUtterance = gunzipSync(golden('wer10k/expected_per_utt.tsv.gz')).toString().trimEnd().split('\n').slice(1);
    const all = perUtterance.map((line) => {
      const [s, d, i, h] = line.split('\t').slice(1, 5).map(Number) as [number, number, number, number];
      return counts(h, s, d, i);
    });
    const { SER_err: expected } = JSON.parse(golden('wer10k/expected.json').toString())['10k']['hyp.txt'];
    expect(utterancesWithErrors(columnsOf(all))).toBe(expected);
    expect(all.filter((one) => errorsOf(one) > 0)).toHaveLength(expected);
  });
});
