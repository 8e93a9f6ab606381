import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { datasetClips } from '#scoring/baseline/corpus/recorded.ts';
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
