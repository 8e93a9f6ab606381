import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { rawLogMel } from '#scoring/baseline/features.ts';
import { analyseCorpus, unitsOf } from '#scoring/lab/analysis.ts';
import { compareFiles } from '#scoring/lab/comparison.ts';
import { countFile, type LabUtterance } from '#scoring/lab/corpus.ts';
import { pictureOfFile, spectrogramPng } from '#scoring/lab/sound-picture.ts';
import { peaksOf } from '#scoring/lab/sound-shades.ts';
import { rowsOf, tableOf } from '#scoring/lab/table.ts';
import { keepLast } from '../../app/c/[slug]/lab/keep.ts';
import { labHref, readQuery } from '../../app/c/[slug]/lab/query.ts';
import { select } from '../../app/c/[slug]/lab/selection.ts';

const rules = { profile: 'ru', mapping: null } as const;

function utterance(id: string, text: string, given: Partial<LabUtterance> = {}): LabUtterance {
  return { id, references: [text], seconds: 3, speaker: null, slices: {}, ...given };
}

const split = [
  utterance('a1', 'Кот и пёс.', { seconds: 1, slices: { noise: 'да' } }),
  utterance('a2', 'рыжий кот', { slices: { noise: 'да' } }),
  utterance('a10', 'кот ушёл в лес', { seconds: 12, slices: { noise: 'нет' } }),
  utterance('a3', '=СУММА(1;2)', { references: ['=СУММА(1;2)', 'сумма'], slices: { noise: '=1+1' } }),
];

function fileOf(texts: Record<string, string>) {
  const lines = Object.entries(texts).map(([id, text]) => JSON.stringify({ id, text }));
  return { bytes: Buffer.from(`${lines.join('\n')}\n`), format: 'jsonl' as const };
}

const heard = fileOf({ a1: 'кит и пёс', a2: 'рыжий кит', a10: 'кот ушёл лес ну', a3: 'сумма' });
const perfect = fileOf({ a1: 'кот и пёс', a2: 'рыжий кот', a10: 'кот ушёл в лес', a3: 'сумма' });

const analysed = async (file = heard) => analyseCorpus(split, await countFile(split, file, rules), unitsOf(split));
const asked = (query: Record<string, string>) => readQuery(query);

describe('the analysis of a file', () => {
  test('counts as the score does, against the wording that is cheapest', async () => {
    const { total, wrong } = await analysed();
    expect(total).toMatchObject({ hits: 7, substitutions: 2, deletions: 1, insertions: 1, reference: 10 });
    expect(total.errorRate).toBe(0.4);
    expect(wrong).toBe(3);
  });

  test('tells kinds of errors with the utterances that have them', async () => {
    const { confusions, deletions, insertions } = await analysed();
    expect(confusions).toEqual([{ reference: 'кот', hypothesis: 'кит', count: 2, utterances: [0, 1] }]);
    expect(deletions).toEqual([{ word: 'в', count: 1, utterances: [2] }]);
    expect(insertions).toEqual([{ word: 'ну', count: 1, utterances: [2] }]);
  });

  test('tells the most frequent of very many kinds, and how many there are', async () => {
    const many = Array.from({ length: 30 }, (_, i) => utterance(`u${i}`, 'слово '.repeat(20)));
    const texts = many.map(({ id }, i) => [id, Array.from({ length: 20 }, (_, k) => `не${i}ж${k}`).join(' ')]);
    const corpus = await countFile(many, fileOf(Object.fromEntries(texts)), rules);
    const { confusions, kinds } = analyseCorpus(many, corpus, unitsOf(many));
    expect([confusions.length, kinds]).toEqual([200, { confusions: 600, deletions: 0, insertions: 0 }]);
  });

  test('divides the errors by the manifest’s columns and by length', async () => {
    const { slices, lengths, total } = await analysed();
    expect(slices).toHaveLength(1);
    expect(slices[0]!.values.map(({ value, utterances }) => [value, utterances])).toEqual([
      ['да', 2],
      ['нет', 1],
      ['=1+1', 1],
    ]);
    expect(lengths.map(({ value, utterances }) => [value, utterances])).toEqual([
      ['0-2', 1],
      ['2-5', 2],
      ['10-20', 1],
    ]);
    for (const parts of [slices[0]!.values, lengths]) {
      expect(parts.reduce((sum, { measure }) => sum + measure.reference, 0)).toBe(total.reference);
    }
  });

  test('says of two files which is better, and nothing of a file and itself', async () => {
    const [worse, better] = [await countFile(split, heard, rules), await countFile(split, perfect, rules)];
    const units = unitsOf(split);
    const found = compareFiles(better, worse, units)!;
    expect(found.difference).toBeCloseTo(-0.4, 12);
    expect(compareFiles(worse, better, units)!.difference).toBe(-found.difference);
    expect(compareFiles(worse, worse, units)).toMatchObject({ difference: 0, pValue: 1 });
  });
});

describe('the table that is taken along', () => {
  test('has every utterance, and no cell that starts a formula', async () => {
    const table = tableOf(rowsOf(split, await countFile(split, heard, rules)));
    const lines = table.trim().split('\r\n');
    expect(lines[0]).toBe(
      'id,seconds,errors,words,wer,hits,substitutions,deletions,insertions,reference,hypothesis,alignment,noise',
    );
    expect(lines).toHaveLength(split.length + 1);
    expect(lines[1]).toContain('Кот и пёс.,кит и пёс,[кот→кит] и пёс,да');
    expect(lines[3]).toContain('кот ушёл [−в] лес [+ну]');
    expect(lines[4]).toMatch(/,'=1\+1$/);
    expect(table).not.toMatch(/(^|,)"?=/m);
  });
});

describe('the list', () => {
  const ids = async (query: Record<string, string>) =>
    select(split, await analysed(), asked(query)).map((i) => split[i]!.id);

  test('is sorted as asked', async () => {
    expect(await ids({})).toEqual(['a10', 'a1', 'a2', 'a3']);
    expect(await ids({ sort: 'rate' })).toEqual(['a2', 'a10', 'a1', 'a3']);
    expect(await ids({ sort: 'length' })).toEqual(['a10', 'a1', 'a2', 'a3']);
    expect(await ids({ sort: 'id' })).toEqual(['a1', 'a2', 'a3', 'a10']);
  });

  test('is narrowed by slice, length and error', async () => {
    expect(await ids({ slice: 'noise:да' })).toEqual(['a1', 'a2']);
    expect(await ids({ length: '10-20' })).toEqual(['a10']);
    expect(await ids({ has: 's кот кит' })).toEqual(['a1', 'a2']);
    expect(await ids({ has: 'd в' })).toEqual(['a10']);
    expect(await ids({ has: 'i ничего' })).toEqual([]);
    expect(await ids({ slice: 'unknown:да' })).toEqual([]);
  });
});

describe('the address', () => {
  test('says the whole state, and gives it back', () => {
    const query = readQuery({ file: 'x', sort: 'rate', slice: 'a%3Ab:c:d', length: '2-5', has: 's а б', page: '3' });
    expect(query.slice).toEqual(['a:b', 'c:d']);
    const written = new URL(labHref('c', query, { utterance: 'u 1' }), 'http://localhost').searchParams;
    expect(readQuery(Object.fromEntries(written))).toEqual({ ...query, utterance: 'u 1' });
  });

  test('starts the list anew where it changes, and takes nonsense for nothing', () => {
    const query = readQuery({ page: '3', sort: 'nonsense', length: '1', slice: '%', file: ['a', 'b'] });
    expect(query).toMatchObject({ sort: 'errors', length: null, slice: null, file: null, page: 3 });
    expect(labHref('c', query, { length: '0-2' })).toBe('/c/c/lab?length=0-2');
    expect(readQuery({ page: '-1e9' }).page).toBe(1);
  });

  test('keeps the page of the list where another list is shown whole', () => {
    const query = readQuery({ page: '3', all: 'confusions' });
    expect(labHref('c', query)).toBe('/c/c/lab?all=confusions');
    expect(labHref('c', query, { all: null })).toBe('/c/c/lab?page=3');
    expect(readQuery({ all: 'everything' }).all).toBeNull();
  });
});

describe('what is kept', () => {
  test('is made once, ends with the oldest, and not at all where it failed', async () => {
    const made: string[] = [];
    const keep = keepLast<string>(2, () => 1);
    const get = (key: string) => keep(key, async () => key + made.push(key));
    expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['a1', 'a1', 'b2']);
    await get('a');
    await get('c');
    await get('a');
    expect(made).toEqual(['a', 'b', 'c']);
    await get('b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    await expect(keep('bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await keep('bad', async () => 'good')).toBe('good');
  });
});

test('peaks show where a recording is loud', () => {
  const samples = new Float32Array(3200);
  samples[1600] = -0.5;
  samples[10] = 0.25;
  const peaks = peaksOf(samples, 320);
  expect(peaks).toHaveLength(320);
  expect([peaks[1], peaks[160], peaks[200]]).toEqual([0.5, 1, 0]);
  expect(peaksOf(new Float32Array(0), 320)).toEqual([]);
  expect(pictureOfFile('/nowhere/at-all.wav')).toBeNull();
  expect(pictureOfFile(import.meta.filename)).toBeNull();
});

test('a spectrogram is brightest where the tone is, high ones above, and one picture however long', () => {
  const tone = (hertz: number, seconds: number) =>
    Float32Array.from({ length: 8000 * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / 8000));
  const brightest = (hertz: number, seconds: number) => {
    const { width, height, rows } = pixelsOf(spectrogramPng(rawLogMel(tone(hertz, seconds))));
    const middle = Array.from({ length: height }, (_, row) => rows[row * (width + 1) + 1 + (width >> 1)]!);
    return { width, row: middle.indexOf(Math.max(...middle)), most: Math.max(...middle), least: Math.min(...middle) };
  };
  const [low, high] = [brightest(300, 1), brightest(3000, 20)];
  expect([low.width, high.width]).toEqual([98, 640]);
  expect(low.row).toBeGreaterThan(high.row + 15);
  expect([low.most, low.least]).toEqual([63, 0]);
});

/** Of a PNG with a palette and unfiltered rows; throws where a checksum is wrong. */
function pixelsOf(png: Uint8Array) {
  const bytes = Buffer.from(png);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const named = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(named) !== bytes.readUInt32BE(at + 8 + length))
      throw new Error(`checksum of ${named.toString('latin1', 0, 4)}`);
    chunks.set(named.toString('latin1', 0, 4), named.subarray(4));
    at += 12 + length;
  }
  const header = chunks.get('IHDR')!;
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4), rows: inflateSync(chunks.get('IDAT')!) };
}
