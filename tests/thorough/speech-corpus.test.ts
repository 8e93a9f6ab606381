import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Split } from '#lib/competition.ts';
import { comparableText } from '#lib/datasets/near-texts.ts';
import { agree, formAfter } from '#scoring/baseline/corpus/declension.ts';
import { cardinal, ordinal } from '#scoring/baseline/corpus/number-phrases.ts';
import { datasetClips, recordedClips } from '#scoring/baseline/corpus/recorded.ts';
import { sentence } from '#scoring/baseline/corpus/sentences.ts';
import { syntheticClips } from '#scoring/baseline/corpus/synthetic.ts';
import { languageModelTexts, trainingTexts } from '#scoring/baseline/corpus/texts.ts';
import { drawVoice, variants } from '#scoring/baseline/corpus/voices.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import { createRandom } from '#scoring/statistics/random.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { aWav, samples16 } from '../wav-files.ts';

async function aDataset(manifest: string, files: Record<string, Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-corpus-'));
  await writeFile(join(folder, 'manifest.csv'), manifest);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return folder;
}

describe('clips of a dataset', () => {
  const quarter = aWav({ sampleRateHz: 16_000, data: samples16(new Array(16_000).fill(8192)) });

  test('come in the splits of the manifest, at 8 kHz, whole or as a stretch', async () => {
    const folder = await aDataset(
      'id,audio,text,split,offset,duration\n1,a.wav,Раз,train,,\n2,a.wav,Два,dev,0.25,0.5\n3,a.wav,Три,test,,\n',
      { 'a.wav': quarter },
    );
    const clips = await datasetClips(folder);
    if (clips.status !== 'read') throw new Error('refused');
    const { train, dev, test: held } = clips.splits;
    expect([train, dev, held].map((split) => split.map(({ text, seconds }) => [text, seconds]))).toEqual([
      [['Раз', 1]],
      [['Два', 0.5]],
      [['Три', 1]],
    ]);
    const samples = await dev[0]!.readSamples();
    expect(samples.length).toBe(4000);
    expect(samples[2000]).toBeCloseTo(0.25, 4);
  });

  test('are refused with everything that is wrong with them', async () => {
    const folder = await aDataset('id,audio,text,split\n1,a.wav,Раз,train\n2,b.wav,Два,train\n', {
      'a.wav': quarter.subarray(0, 100),
    });
    const clips = await datasetClips(folder);
    expect(clips).toMatchObject({ status: 'refused', reports: [{ problems: { total: 2 } }] });
    await expect(datasetClips(join(folder, 'none'))).rejects.toThrow('dataset-not-found');
  });

  test('that name no splits are divided the same way every time', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},a.wav,слово ${String(i).repeat(3)} и ${i * 7}`);
    const folder = await aDataset(`id,audio,text\n${rows.join('\n')}\n`, { 'a.wav': quarter });
    const ids = async () => {
      const clips = await datasetClips(folder);
      return clips.status === 'read' ? clips.splits.train.map(({ id }) => id) : null;
    };
    expect(await ids()).toEqual(await ids());
    expect((await ids())!.length).toBeGreaterThan(15);
    expect((await ids())!.length).toBeLessThan(40);
  });
});

describe('speech made of texts', () => {
  test('is telephone speech of many voices, kept, and made again only where it is gone', async (context) => {
    const home = await mkdtemp(join(tmpdir(), 'rostrum-speech-'));
    const steps: number[] = [];
    const texts = ['Нажмите один.', 'Ещё раз?', 'Ещё раз?', 'PIN 7'];
    const make = () => syntheticClips({ home, texts, seed: 3, onProgress: (done) => steps.push(done) });
    const first = await make();
    if (first.status === 'no-synthesiser') return context.skip('no synthesiser on this machine');
    expect(first.unspoken).toEqual(['PIN 7']);
    expect(first.clips.map(({ text }) => text)).toEqual(texts.slice(0, 3));
    expect(steps.at(-1)).toBe(3);
    for (const clip of first.clips) {
      const samples = await clip.readSamples();
      expect(samples.length / 8000).toBeCloseTo(clip.seconds, 3);
      expect(Math.max(...samples)).toBeLessThanOrEqual(0.6001);
      expect(clip.seconds).toBeGreaterThan(0.3);
      // 50 ms of silence at either end, no more: what is cut at is 0.012, and 16 bits round it by less than 0.0001.
      expect(samples.findIndex((x) => Math.abs(x) > 0.0119)).toBeLessThanOrEqual(401);
      expect(samples.length - samples.findLastIndex((x) => Math.abs(x) > 0.0119)).toBeLessThanOrEqual(402);
    }

    const files = (await readdir(join(home, 'baseline/speech'), { recursive: true })).filter((f) => f.includes('.wav'));
    expect(files).toHaveLength(3);
    const madeAt = async (file: string) => (await stat(join(home, 'baseline/speech', file))).mtimeMs;
    const kept = await madeAt(files[1]!);
    await rm(join(home, 'baseline/speech', files[0]!));
    const second = await make();
    expect(second.status === 'made' && second.clips.map(({ id }) => id)).toEqual(first.clips.map(({ id }) => id));
    expect(await madeAt(files[1]!)).toBe(kept);
  }, 30_000);

  test('has a voice for each text that does not depend on the other texts', () => {
    const draw = (text: string, occurrence = 0, seed = 1) =>
      drawVoice(text, occurrence, seed, ['espeak-ng', 'festival'], variants);
    expect(draw('раз')).toEqual(draw('раз'));
    const voices = Array.from({ length: 400 }, (_, i) => draw('раз', i));
    const festival = voices.filter(({ engine }) => engine === 'festival').length;
    expect(festival).toBeGreaterThan(30);
    expect(festival).toBeLessThan(90);
    expect(new Set(voices.map((voice) => JSON.stringify(voice))).size).toBeGreaterThan(300);
    expect(drawVoice('раз', 0, 1, ['festival'], [])).toEqual({ engine: 'festival' });
    expect(drawVoice('раз', 7, 1, ['espeak-ng'], ['f2'])).toMatchObject({ variant: 'f2' });
  });
});

/** Character 5-grams that two texts share, of all that they have: the definition, pair by pair. */
function similarity(one: string, other: string): number {
  const grams = (text: string) => {
    const padded = ` ${comparableText(text)} `;
    return new Set(Array.from({ length: Math.max(1, padded.length - 4) }, (_, i) => padded.slice(i, i + 5)));
  };
  const [a, b] = [grams(one), grams(other)];
  const shared = [...a].filter((gram) => b.has(gram)).length;
  return shared / (a.size + b.size - shared);
}

/** Those that a split holds back, or nearly. */
function nearTo(held: readonly string[], texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => held.some((other) => similarity(text, other) >= 0.7));
}

describe('texts of our own', () => {
  const splits = {
    train: ['Нажмите один, чтобы ввести номер.', 'Все операторы заняты, оставайтесь на линии.', 'Сообщение удалено.'],
    dev: ['нажмите один, чтобы ввести', 'двадцать'],
    test: ['Вас плохо слышно.', 'операторы заняты', 'сегодня', 'Разговор может быть записан'],
  };
  const excluded = [...splits.dev, ...splits.test];
  const options = { train: splits.train, excluded, seed: 1, count: 3000 };

  test('never come near a text of dev or test', () => {
    for (const texts of [trainingTexts(options), languageModelTexts(options)])
      expect(nearTo(excluded, texts)).toEqual([]);
    // Control: without exclusion they do.
    expect(nearTo(excluded, trainingTexts({ ...options, excluded: [] }))).toContain('двадцать');
    expect(nearTo(excluded, languageModelTexts({ ...options, excluded: [] }))).toContain('Вас плохо слышно.');
  });

  test.runIf(process.env.ROSTRUM_LONG_TESTS === '1')(
    'never come near a text of dev or test of the demo',
    async () => {
      const recorded = await recordedClips(await mkdtemp(join(tmpdir(), 'rostrum-demo-')));
      if (recorded.status !== 'read') throw new Error(`no recordings: ${recorded.status}`);
      const textsOf = (split: Split) => recorded.splits[split].map(({ text }) => text);
      const held = [...textsOf('dev'), ...textsOf('test')];
      const all = { train: textsOf('train'), seed: 1, count: 8000 };
      expect(held.length).toBeGreaterThan(150);
      expect(nearTo(held, trainingTexts({ ...all, excluded: held }))).toEqual([]);
      expect(nearTo(held, languageModelTexts({ ...all, excluded: held }))).toEqual([]);
      expect(nearTo(held, trainingTexts({ ...all, excluded: [] })).length).toBeGreaterThan(0);
    },
    300_000,
  );

  test('are the same for one seed, a larger number begins with the smaller, and many differ', () => {
    const texts = trainingTexts(options);
    expect(trainingTexts({ ...options, count: 500 })).toEqual(texts.slice(0, 500));
    expect(trainingTexts({ ...options, seed: 2 })).not.toEqual(texts);
    expect(new Set(texts).size).toBeGreaterThan(1900);
    expect(Math.max(...texts.map((text) => texts.filter((other) => other === text).length))).toBe(3);
    expect(trainingTexts({ train: [], excluded: [], seed: 1, count: 50 })).toHaveLength(50);
  });

  test('can all be spelled by the network', () => {
    const own = languageModelTexts({ train: [], excluded: [], seed: 5, count: 4000 });
    expect(own.filter((text) => russian.indicesOf(normalise(text, 'ru-yo').join(' ')) === null)).toEqual([]);
    expect(own.filter((text) => /[{}()|]|undefined| {2}/.test(text))).toEqual([]);
  });

  test('have every template and phrase filled', () => {
    const random = createRandom(1);
    const words = new Set(
      Array.from({ length: 20_000 }, () => sentence(random)).flatMap((text) => text.split(/[ ,.?]+/)),
    );
    for (const word of ['звёздочку', 'лекарство', 'Владивостоке', 'гололёд', 'Кузнецова', 'дефис', 'Лесная']) {
      expect(words).toContain(word);
    }
  });
});

describe('Russian grammar', () => {
  const nounIn = (gender: 'm' | 'f' | 'n', isAnimate = false) => ({ gender, isAnimate });

  test.each([
    ['новый', nounIn('m', true), 'accusative', 'нового'],
    ['новый', nounIn('m'), 'accusative', 'новый'],
    ['последний', nounIn('f'), 'accusative', 'последнюю'],
    ['следующий', nounIn('n'), 'genitive', 'следующего'],
    ['следующий', nounIn('f'), 'instrumental', 'следующей'],
    ['короткий', nounIn('m'), 'instrumental', 'коротким'],
    ['короткий', nounIn('n'), 'nominative', 'короткое'],
    ['голосовой', nounIn('f'), 'dative', 'голосовой'],
    ['второй', nounIn('m'), 'prepositional', 'втором'],
  ] as const)('%s agrees with %o in the %s: %s', (adjective, noun, wanted, expected) => {
    expect(agree(adjective, noun, wanted)).toBe(expected);
  });

  test.each([
    [0, 'm', 'nominative', 'нулевой'],
    [3, 'f', 'accusative', 'третью'],
    [14, 'n', 'nominative', 'четырнадцатое'],
    [40, 'm', 'genitive', 'сорокового'],
    [121, 'm', 'dative', 'сто двадцать первому'],
    [300, 'f', 'nominative', 'трёхсотая'],
    [1999, 'm', 'genitive', 'тысяча девятьсот девяносто девятого'],
    [2000, 'm', 'genitive', 'двухтысячного'],
    [2025, 'm', 'genitive', 'две тысячи двадцать пятого'],
  ] as const)('the ordinal of %i, %s %s, is %s', (number, gender, wanted, expected) => {
    expect(ordinal(number, gender, wanted)).toBe(expected);
  });

  test('what is counted stands in the form that its number asks for', () => {
    const form = (count: number) => formAfter(count, 'минута', 'минуты', 'минут');
    expect([0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 100, 101, 111].map(form)).toEqual(
      'минут минута минуты минуты минут минут минут минут минута минуты минут минута минут'.split(' '),
    );
    expect([cardinal(1, 'f'), cardinal(22, 'f'), cardinal(31, 'n'), cardinal(11, 'f'), cardinal(2)]).toEqual([
      'одна',
      'двадцать две',
      'тридцать одно',
      'одиннадцать',
      'два',
    ]);
  });
});
