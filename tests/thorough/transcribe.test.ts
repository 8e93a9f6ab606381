import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { decodeWav } from '#lib/datasets/wav.ts';
import { beamDecode, defaultBeamOptions, greedyDecode, openDecoding } from '#scoring/baseline/decode.ts';
import { bands, logMel } from '#scoring/baseline/features.ts';
import { trainLanguageModel } from '#scoring/baseline/kneser-ney.ts';
import { languageModelToBytes } from '#scoring/baseline/language-model-file.ts';
import { createListener } from '#scoring/baseline/listener.ts';
import { createNetwork, outputFramesOf } from '#scoring/baseline/network.ts';
import { createRecogniser } from '#scoring/baseline/recogniser.ts';
import { resample } from '#scoring/baseline/resample.ts';
import { readSound, type SoundFile } from '#scoring/baseline/sound.ts';
import { batchesOf, createTranscriber } from '#scoring/baseline/transcribe.ts';
import { createVocabulary, russian } from '#scoring/baseline/vocabulary.ts';
import { countWords } from '#scoring/baseline/words.ts';
import { openRuntime } from '#scoring/runtime.ts';
import { createRandom } from '#scoring/statistics/random.ts';
import { anUntrainedModel } from '../baseline-model.ts';
import { aWav, samples16 } from '../wav-files.ts';

// Threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'rostrum-transcribe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const random = createRandom(7);
const model = anUntrainedModel();

/** Noise whose loudness comes and goes, as a file. */
function aRecording(name: string, seconds: number, sampleRateHz = 8000): SoundFile {
  const samples = Array.from(
    { length: Math.round(seconds * sampleRateHz) },
    (_, i) => (random() / 2 ** 31 - 1) * 8000 * Math.sin((9 * i) / sampleRateHz) ** 2,
  );
  const path = join(folder, `${name}.wav`);
  writeFileSync(path, aWav({ sampleRateHz, data: samples16(samples) }));
  return { path, stretch: null, seconds: samples.length / sampleRateHz };
}

function greatestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
}

describe('a recording', () => {
  test.each([11_025, 16_000])('of more than a minute at %i Hz is heard in pieces as if at once', (rate) => {
    const file = aRecording(`long-${rate}`, 61.7, rate);
    const { samples } = decodeWav(readFileSync(file.path));
    const atOnce = resample(samples, rate, 8000);
    const inPieces = readSound(file);
    expect(inPieces).toHaveLength(atOnce.length);
    expect(greatestDifference(inPieces, atOnce)).toBeLessThan(1e-6);
  });

  test('that is a stretch is that stretch', () => {
    const file = aRecording('stretched', 3);
    const whole = readSound(file);
    const stretch = readSound({ ...file, stretch: { startSeconds: 1, durationSeconds: 0.5 }, seconds: 0.5 });
    expect(stretch).toEqual(whole.slice(8000, 12_000));
  });

  test('that is gone is named', () => {
    const path = join(folder, 'gone.wav');
    expect(() => readSound({ path, stretch: null, seconds: 1 })).toThrow(path);
  });
});

describe('a recogniser', () => {
  test('writes the same of a long utterance as if the network heard it at once', async () => {
    const { tf } = await openRuntime({ wanted: 'wasm' });
    const features = logMel(readSound(aRecording('two minutes', 125)));
    const network = createNetwork(tf, model.shape, model.weights);
    const [atOnce] = await network.logProbabilities([features]);
    const frames = outputFramesOf(features.frames, model.shape);
    const [text] = await createRecogniser(tf, model).recognise([features]);
    expect(text).toBe(greedyDecode(atOnce!, frames, createVocabulary(model.symbols)));
    expect(text!.length).toBeGreaterThan(500);
  });
});

describe('batches', () => {
  const seconds = Array.from({ length: 500 }, () => 0.1 + (random() / 2 ** 32) ** 4 * 90);
  const batches = batchesOf(seconds);

  test('hold every recording once', () => {
    expect(batches.flat().sort((a, b) => a - b)).toEqual([...seconds.keys()]);
  });

  test('are at most half a minute of sound, padding included, but for a recording that is longer', () => {
    for (const batch of batches) {
      const longest = Math.max(...batch.map((i) => seconds[i]!));
      expect(batch.length === 1 || batch.length * longest <= 30).toBe(true);
    }
  });

  test('begin with the longest recording', () => {
    expect(seconds[batches[0]![0]!]).toBe(Math.max(...seconds));
  });
});

describe('transcribing', () => {
  const files = [3, 0.4, 12, 0.025, 5, 20, 1].map((seconds, i) => aRecording(`file-${i}`, seconds));

  test('gives each recording its text, in their order, on any number of threads', async () => {
    const runtime = await openRuntime({ wanted: 'wasm' });
    const alone = createListener(runtime, model);
    const expected = [];
    for (const file of files) expected.push(...(await alone.transcribe([file])));
    expect(new Set(expected).size).toBeGreaterThan(4);
    const transcriber = await createTranscriber(model, { wanted: 'wasm', threads: 2 });
    const done: number[] = [];
    const texts = await transcriber.transcribe(files, { onProgress: (seconds) => done.push(seconds) });
    await transcriber.close();
    expect(texts).toEqual(expected);
    expect(done.at(-1)).toBeCloseTo(41.425, 3);
    expect(transcriber).toMatchObject({ backend: 'wasm', device: expect.stringMatching(/^2 × WebAssembly/) });
  });

  test('searches with the language model where the model has one', async () => {
    const spoken = ['нажмите один', 'до свидания'];
    const decoding = {
      languageModel: languageModelToBytes(trainLanguageModel(spoken, russian, 4)),
      words: countWords(spoken),
      options: defaultBeamOptions,
    };
    const [file] = files;
    const features = logMel(readSound(file!));
    const { tf } = await openRuntime({ wanted: 'wasm' });
    const [heard] = await createNetwork(tf, model.shape, model.weights).logProbabilities([features]);
    const opened = openDecoding(decoding, russian);
    const frames = outputFramesOf(features.frames, model.shape);
    const expected = beamDecode(heard!, frames, russian, opened.model, opened.options);
    expect(expected).not.toBe(greedyDecode(heard!, frames, russian));
    const transcriber = await createTranscriber({ ...model, decoding }, { wanted: 'wasm', threads: 1 });
    expect(await transcriber.transcribe([file!])).toEqual([expected]);
    await transcriber.close();
  });

  test('ends where it is told to, and with the reason', async () => {
    const transcriber = await createTranscriber(model, { wanted: 'wasm', threads: 1 });
    const abort = new AbortController();
    const work = transcriber.transcribe(files, {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    });
    await expect(work).rejects.toThrow('enough');
    await transcriber.close();
  });

  test('fails where a recording is gone, and names it', async () => {
    const transcriber = await createTranscriber(model, { wanted: 'wasm', threads: 1 });
    const gone = { path: join(folder, 'gone.wav'), stretch: null, seconds: 1 };
    await expect(transcriber.transcribe([files[0]!, gone])).rejects.toThrow('gone.wav');
    await transcriber.close();
  });

  test('takes no model that hears other features', async () => {
    const runtime = await openRuntime({ wanted: 'wasm' });
    expect(() => createListener(runtime, anUntrainedModel({ bands: bands + 1 }))).toThrow(/41 bands/);
  });
});
