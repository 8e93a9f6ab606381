import { expect, test } from 'vitest';
import { type NoiseModel, spoil } from '#lib/datasets/demo-noise.ts';
import { demoPhrases } from '#lib/datasets/demo-phrases.ts';
import { parsePredictions } from '#lib/predictions.ts';
import { countErrors } from '#scoring/wer/align.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { type DemoEntry, demoBaseline, demoEntries, demoFile, demoTeams } from '../../bin/demo/entries.ts';

const references = Array.from({ length: 30 }, () => demoPhrases)
  .flat()
  .map((phrase) => normalise(phrase, 'ru-yo').join(' '));
const seeds = { places: 1, words: 1 };
const perfect: NoiseModel = { substituted: 0, misspelt: 0, deleted: 0, inserted: 0 };

function errorsOf(hypotheses: readonly string[]) {
  return references.map((reference, i) => countErrors(normalise(reference), normalise(hypotheses[i]!)));
}

function rates(hypotheses: readonly string[]) {
  const total = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 };
  for (const counts of errorsOf(hypotheses)) {
    for (const kind of ['hits', 'substitutions', 'deletions', 'insertions'] as const) total[kind] += counts[kind];
  }
  const words = total.hits + total.substitutions + total.deletions;
  return {
    substituted: total.substitutions / words,
    deleted: total.deletions / words,
    inserted: total.insertions / words,
  };
}

test('without noise a hypothesis is its reference', () => {
  expect(spoil(references, perfect, seeds)).toEqual(references);
});

test('the errors of a made-up recogniser come at the rates its model states', () => {
  const found = rates(spoil(references, { substituted: 0.2, misspelt: 1, deleted: 0, inserted: 0 }, seeds));
  expect(found.substituted).toBeCloseTo(0.2, 1);
  expect(found.deleted + found.inserted).toBe(0);
  expect(rates(spoil(references, { ...perfect, deleted: 0.1 }, seeds)).deleted).toBeCloseTo(0.1, 1);
  expect(rates(spoil(references, { ...perfect, inserted: 0.1 }, seeds)).inserted).toBeCloseTo(0.1, 1);
});

test('equal seeds spoil in the same way, other seeds in another', () => {
  const model = { substituted: 0.2, misspelt: 0.5, deleted: 0.1, inserted: 0.1 };
  expect(spoil(references, model, seeds)).toEqual(spoil(references, model, seeds));
  expect(spoil(references, model, { places: 2, words: 1 })).not.toEqual(spoil(references, model, seeds));
});

test('errors in equal places with other words are as many in every utterance', () => {
  const model = { substituted: 0.2, misspelt: 1, deleted: 0.1, inserted: 0.1 };
  const sums = (words: number) =>
    errorsOf(spoil(references, model, { places: 5, words })).map((c) => c.substitutions + c.deletions + c.insertions);
  expect(sums(6)).toEqual(sums(7));
  expect(spoil(references, model, { places: 5, words: 6 })).not.toEqual(
    spoil(references, model, { places: 5, words: 7 }),
  );
});

const labels = demoPhrases.map((phrase, i) => ({ id: `phrase-${i}`, references: [phrase] as const }));
const expected = labels.map(({ id }) => ({ id, seconds: 2 }));

function parse(entry: Pick<DemoEntry, 'model' | 'seeds' | 'format' | 'isBroken'>) {
  return parsePredictions(demoFile(labels, 'ru-yo', entry).bytes, { expected });
}

test('the files of demo teams are taken as what they are, and one is refused for several reasons', () => {
  for (const entry of demoEntries) {
    const parsed = parse(entry);
    expect(parsed.ok).toBe(!entry.isBroken);
    if (parsed.ok) expect(parsed.format).toBe(entry.format);
    else {
      expect(Object.keys(parsed.counts).sort()).toEqual(['id-duplicate', 'id-missing', 'id-unknown', 'quote-unclosed']);
    }
  }
  expect(parse({ ...demoBaseline, format: 'csv' }).ok).toBe(true);
});

test('every demo team has a file that counts, none more than its quota on a day, and they come in order', () => {
  const days = demoEntries.map(({ day }) => day);
  expect(days).toEqual(days.toSorted((a, b) => a - b));
  expect(new Set(days).size).toBe(days.length);
  for (const team of demoTeams.keys()) {
    const counted = demoEntries.filter((entry) => entry.team === team && !entry.isBroken);
    expect(counted.length).toBeGreaterThan(0);
    expect(counted.length).toBeLessThanOrEqual(5);
  }
});
