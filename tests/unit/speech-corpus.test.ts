import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { datasetClips } from '#scoring/baseline/corpus/recorded.ts';
import { syntheticClips } from '#scoring/baseline/corpus/synthetic.ts';
import { drawVoice, variants } from '#scoring/baseline/corpus/voices.ts';
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
