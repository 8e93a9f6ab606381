import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Format, formats } from '#lib/predictions/records.ts';
import { totalOf } from '#scoring/columns.ts';
import { readReferences, scoreFile } from '#scoring/corpus.ts';
import { createNormaliser, profileNames } from '#scoring/wer/normalise.ts';
import { below, bothWays, expectSame, isCounted, oneOf, type Random, random } from '../kernel-both-ways.ts';

/** Alphabets by what they put to the test. */
const alphabets = [
  ['а', 'б', 'ё', 'е', 'й'],
  ['a', 'b', 'i'],
  ['а', 'Б', 'Ё', 'a', '7', '0', '.', ',', ':', '-', "'", '!', '№', '«', '»', '—', '…', '’', '‑'],
  ['й', 'и\u0306', 'е\u0308', 'а\u0301', '\u00ad', 'ѐ', 'é', 'e\u0301', 'Ё'],
  ['а', '\u00a0', '😀', 'İ', '\u200b', 'ß', '漢', '\u2009', 'ſ', '\ufeff'],
  ['nan', 'None', 'null', 'а'],
] as const;

function wordOf(chance: Random): string {
  const alphabet = chance() < 0.6 ? alphabets[0] : oneOf(chance, alphabets);
  return Array.from({ length: 1 + below(chance, 3) }, () => oneOf<string>(chance, alphabet)).join('');
}

function textOf(chance: Random): string {
  const length = chance() < 0.02 ? 40 + below(chance, 60) : below(chance, 9);
  return Array.from({ length }, () => wordOf(chance)).join(chance() < 0.9 ? ' ' : '  ');
}

function spoiled(text: string, chance: Random): string {
  if (chance() < 0.3) return text;
  return text
    .split(' ')
    .flatMap((word) => {
      const what = chance();
      if (what < 0.1) return [];
      return what < 0.25 ? [wordOf(chance)] : what < 0.35 ? [word, wordOf(chance)] : [word];
    })
    .join(' ');
}

type Utterance = { id: string; text: string };

function shuffled(utterances: readonly Utterance[], chance: Random): Utterance[] {
  return utterances
    .map((utterance) => ({ utterance, order: chance() }))
    .sort((a, b) => a.order - b.order)
    .map(({ utterance }) => utterance);
}

const written: Record<Format, (utterances: readonly Utterance[], chance: Random) => string[]> = {
  kaldi: (utterances) => utterances.map(({ id, text }) => `${id} ${text}`),
  trn: (utterances) => [';; a comment', ...utterances.map(({ id, text }) => `${text} (${id})`)],
  csv: (utterances, chance) => ['id,text', ...utterances.map(({ id, text }) => `${id},${quoted(text, ',', chance)}`)],
  tsv: (utterances, chance) => [
    'seconds\ttext\tid',
    ...utterances.map(({ id, text }) => `1.5\t${quoted(text, '\t', chance)}\t${id}`),
  ],
  jsonl: (utterances, chance) =>
    utterances.map(({ id, text }) => {
      const line = JSON.stringify({ id, duration: 1.25, text, speaker: null });
      return chance() < 0.5 ? line : line.replace(/[^\x20-\x7e]/g, escaped);
    }),
};

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function quoted(text: string, delimiter: string, chance: Random): string {
  const isNeeded = text.includes(delimiter) || text.includes('"') || text.startsWith('"');
  return isNeeded || chance() < 0.2 ? `"${text.replaceAll('"', '""')}"` : text;
}

function fileOf(format: Format, utterances: readonly Utterance[], chance: Random): Buffer {
  const lineEnd = chance() < 0.2 ? '\r\n' : '\n';
  const mark = chance() < 0.1 ? '\ufeff' : '';
  const end = chance() < 0.5 ? lineEnd : '';
  return Buffer.from(mark + written[format](utterances, chance).join(lineEnd) + end);
}

const pairs = process.env.ROSTRUM_LONG_TESTS === '1' ? 1_000_000 : 20_000;

describe('the kernel counts as plain TypeScript does', () => {
  test('on random files of every format and profile, most of which it counts itself', { timeout: 3_600_000 }, () => {
    const chance = random(20_261);
    let files = 0;
    let counted = 0;
    for (let done = 0; done < pairs; ) {
      const length = 1 + below(chance, 200);
      const references = Array.from({ length }, (_, i) => ({ id: `у${i}-${below(chance, 9)}`, text: textOf(chance) }));
      const said = references.map(({ id, text }) => ({ id, text: spoiled(text, chance) }));
      const hypotheses = chance() < 0.3 ? shuffled(said, chance) : said;
      const ordered = chance() < 0.3 ? shuffled(references, chance) : references;
      const characters = oneOf(chance, [null, 'with-spaces', 'without-spaces'] as const);
      const referenceFile = fileOf(oneOf(chance, formats), ordered, chance);
      const file = fileOf(oneOf(chance, formats), hypotheses, chance);
      const profile = oneOf(chance, profileNames);
      const { fast, plain } = bothWays(referenceFile, file, profile, { characters });
      expectSame(fast, plain);
      done += length;
      if (chance() < 0.9) continue;
      files += 1;
      if (isCounted(referenceFile, file, profile)) counted += 1;
    }
    expect(counted / files).toBeGreaterThan(0.5);
  });
});

const golden = join(import.meta.dirname, '../golden');
const readGolden = (name: string) => gunzipSync(readFileSync(join(golden, 'wer10k', `${name}.txt.gz`)));

describe('golden files', () => {
  test('ten thousand utterances come out the same', { timeout: 30_000 }, () => {
    const { fast, plain } = bothWays(readGolden('ref'), readGolden('hyp'), 'ru-yo', { characters: null });
    expectSame(fast, plain);
  });

  test('ten thousand utterances have the counts of the anchors', () => {
    const read = readReferences(readGolden('ref'), createNormaliser('raw'));
    if (!read.ok) throw new Error('the golden references are sound');
    const scored = scoreFile(read.references, readGolden('hyp'), { characters: null });
    if (!scored.ok) throw new Error('the golden hypotheses are sound');
    expect(totalOf(scored.words)).toMatchObject({ substitutions: 11_045, deletions: 3481, insertions: 2880 });
  });

  test('the sentences of jiwer come out the same', () => {
    const { measure_cases: cases } = JSON.parse(readFileSync(join(golden, 'jiwer_cases.json'), 'utf8')) as {
      measure_cases: Record<'reference' | 'hypothesis', string | string[]>[];
    };
    const texts = (side: 'reference' | 'hypothesis') => cases.map((one) => [one[side]].flat().join(' '));
    const file = (side: 'reference' | 'hypothesis') =>
      Buffer.from(
        texts(side)
          .map((text, i) => JSON.stringify({ id: String(i), text }))
          .join('\n'),
      );
    const { fast, plain } = bothWays(file('reference'), file('hypothesis'), 'raw', { characters: 'with-spaces' });
    expect(fast).toEqual(plain);
  });
});

describe('quotes', () => {
  test('are words’ where they stand in one file and the format’s where they stand in the other', () => {
    const references = Buffer.from('{"id":"u1","text":"раз\u00a0два"}\n');
    for (const [file, hits] of [
      ['u1 "раз\u00a0два"\n', 0],
      ['{"id":"u1","text":"раз\u00a0два"}\n', 2],
    ] as const) {
      const { fast, plain } = bothWays(references, Buffer.from(file), 'raw', { characters: null });
      expect(fast).toEqual(plain);
      expect(fast).toHaveProperty('utterances.0.words.hits', hits);
    }
  });
});

describe('equal hashes', () => {
  const mask = 2n ** 64n - 1n;
  const mix = (value: bigint) => {
    const product = (value * 0x9e3779b97f4a7c15n) & mask;
    return product ^ (product >> 32n);
  };
  const hashOf = (word: Buffer) => mix(mix(16n ^ word.readBigUInt64LE(0)) ^ word.readBigUInt64LE(8));

  /** Two words of sixteen letters, digits and signs that the kernel cannot tell apart by their hashes. */
  function collision(): [string, string] {
    const chance = random(5);
    const letters = () => Buffer.from(Array.from({ length: 8 }, () => 0x61 + below(chance, 26)));
    const first = Buffer.concat([letters(), letters()]);
    for (;;) {
      const second = Buffer.concat([letters(), Buffer.alloc(8)]);
      const end = first.readBigUInt64LE(8) ^ mix(16n ^ first.readBigUInt64LE(0)) ^ mix(16n ^ second.readBigUInt64LE(0));
      second.writeBigUInt64LE(end, 8);
      const isPlain = second.every((byte) => byte > 0x2f && byte < 0x7b);
      if (isPlain && hashOf(first) === hashOf(second)) return [first.toString(), second.toString()];
    }
  }

  test('do not make two words or two ids one', { timeout: 30_000 }, () => {
    const [one, other] = collision();
    const references = Buffer.from(`${one} a ${one} b\n${other} a\n`);
    const file = Buffer.from(`${other} a\n${one} a ${other} b\n`);
    const { fast, plain } = bothWays(references, file, 'raw', { characters: null });
    expect(fast).toEqual(plain);
    expect(fast).toHaveProperty('utterances.0.words', { hits: 2, substitutions: 1, deletions: 0, insertions: 0 });
  });
});
