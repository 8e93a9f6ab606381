import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import wavefile from 'wavefile';
import { withFile } from '#lib/datasets/file-source.ts';
import { decodeWav, inspectWav, readWavHeader } from '#lib/datasets/wav.ts';
import type { Clip } from '#scoring/baseline/corpus/clips.ts';
import { findSynthesisers, type Order, type Synthesisers } from '#scoring/baseline/corpus/synthesisers.ts';
import { drawVoice, voiceName } from '#scoring/baseline/corpus/voices.ts';
import { sampleRateHz } from '#scoring/baseline/features.ts';
import { resample } from '#scoring/baseline/resample.ts';
import { spokenText } from '#scoring/baseline/spoken-text.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';

export type SynthesisOptions = {
  /** ROSTRUM_HOME: speech is kept under baseline/speech, by the hash of text and voice. */
  home: string;
  /** A text may stand there more than once: it is spoken by as many voices. */
  texts: readonly string[];
  seed: number;
  onProgress: (done: number, total: number) => void;
  signal?: AbortSignal | undefined;
};

/** `unspoken`: texts that cannot be spelled in the vocabulary, or on which a program failed. */
export type SyntheticSpeech = { status: 'made'; clips: Clip[]; unspoken: string[] } | { status: 'no-synthesiser' };

type Spoken = Order & { original: string; finished: string };

/** So many are spoken at a time by one process, and lost when it is killed. */
const batchSize = 24;
/** Whatever changes the sound of a text and voice raises it. */
const version = 1;
const peak = 0.6;
/** What is quieter than this share of the loudest sample, before and after the words, is cut away but for a margin of 50 ms. */
const silence = 0.02;
const marginSamples = 0.05 * sampleRateHz;

/**
 * Speech made of texts, mono, 8 kHz, 16 bit, as a telephone line passes it. What was made before is found again, so that it can be
 * stopped at any moment; memory holds a sentence at a time.
 */
export async function syntheticClips(options: SynthesisOptions): Promise<SyntheticSpeech> {
  const synthesisers = await findSynthesisers();
  if (synthesisers === null) return { status: 'no-synthesiser' };
  const orders = ordersFor(options, synthesisers);
  const clips = new Array<Clip | null>(orders.length).fill(null);
  const waiting: number[] = [];
  let done = 0;
  for (const [index, order] of orders.entries()) {
    clips[index] = keptClip(order);
    if (clips[index] === null) waiting.push(index);
    else options.onProgress(++done, orders.length);
  }
  // A process has one engine, so that the slow one does not wait among the quick ones.
  waiting.sort((a, b) => orders[a]!.voice.engine.localeCompare(orders[b]!.voice.engine) || a - b);
  const work = async () => {
    for (let batch = waiting.splice(0, batchSize); batch.length > 0; batch = waiting.splice(0, batchSize)) {
      await make(
        batch.map((index) => orders[index]!),
        synthesisers,
        options.signal,
      );
      for (const index of batch) clips[index] = keptClip(orders[index]!);
      done += batch.length;
      options.onProgress(done, orders.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const made = clips.filter((clip) => clip !== null);
  const unspelled = options.texts.filter((text) => !canBeSpelled(text));
  const failed = orders.filter((_, index) => clips[index] === null).map(({ original }) => original);
  return { status: 'made', clips: made, unspoken: [...unspelled, ...failed] };
}

function ordersFor({ home, texts, seed }: SynthesisOptions, { engines, variants }: Synthesisers): Spoken[] {
  const occurrences = new Map<string, number>();
  return texts.filter(canBeSpelled).map((original) => {
    const text = speakable(original);
    const occurrence = occurrences.get(text) ?? 0;
    occurrences.set(text, occurrence + 1);
    const voice = drawVoice(text, occurrence, seed, engines, variants);
    const name = createHash('sha256')
      .update(JSON.stringify([version, text, voice]))
      .digest('hex')
      .slice(0, 32);
    const finished = join(home, 'baseline', 'speech', name.slice(0, 2), `${name}.wav`);
    return { original, text, voice, finished, path: `${finished}.part` };
  });
}

function canBeSpelled(text: string): boolean {
  const words = spokenText(text);
  return words !== '' && russian.indicesOf(words) !== null;
}

/** The same words without characters that a program could take for something else than text. */
function speakable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^а-яё .,!?]+/giu, ' ')
    .replace(/^[ .,!?]+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

async function make(orders: readonly Spoken[], synthesisers: Synthesisers, signal: AbortSignal | undefined) {
  for (const { path } of orders) await mkdir(dirname(path), { recursive: true });
  await synthesisers.speak(orders, signal);
  for (const { path, finished } of orders) {
    const bytes = await readFile(path).catch(() => null);
    // A synthesiser that fails may leave a header without sound.
    if (bytes !== null && readWavHeader(bytes).status === 'read') {
      await writeFile(path, telephoneWav(bytes));
      await rename(path, finished);
    } else await rm(path, { force: true });
  }
}

function keptClip({ original, voice, finished }: Spoken): Clip | null {
  if (!existsSync(finished)) return null;
  const reading = withFile(finished, inspectWav);
  if (reading.status === 'refused') return null;
  return {
    id: basename(finished, '.wav'),
    text: original,
    source: 'synthetic',
    voice: voiceName(voice),
    seconds: reading.header.durationSeconds,
    readSamples: async () => decodeWav(await readFile(finished)).samples,
  };
}

function telephoneWav(bytes: Uint8Array): Uint8Array {
  const decoded = decodeWav(bytes);
  const samples = trimmed(telephoneBand(resample(decoded.samples, decoded.sampleRateHz, sampleRateHz)));
  const scale = (peak * 32_767) / loudestOf(samples);
  const wav = new wavefile.WaveFile();
  wav.fromScratch(
    1,
    sampleRateHz,
    '16',
    Int16Array.from(samples, (sample) => Math.round(sample * scale)),
  );
  return wav.toBuffer();
}

/** Recorded prompts are cut close; eSpeak ends on 0.4 s of silence, an eighth of what a training would hear of it. */
function trimmed(samples: Float32Array): Float32Array {
  const least = silence * loudestOf(samples);
  const isLoud = (sample: number) => Math.abs(sample) >= least;
  const first = samples.findIndex(isLoud);
  const last = samples.findLastIndex(isLoud);
  return samples.slice(Math.max(0, first - marginSamples), last + 1 + marginSamples);
}

function loudestOf(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6);
}

/**
 * Without what lies below 200 Hz, as on a telephone line (12 dB per octave; resampling took what lies above 3.7 kHz). Source:
 * Bristow-Johnson, Cookbook formulae for audio equalizer biquad filter coefficients, high-pass, Q = 1/√2.
 */
function telephoneBand(samples: Float32Array): Float32Array {
  const radians = (2 * Math.PI * 200) / sampleRateHz;
  const alpha = Math.sin(radians) / Math.SQRT2;
  const cosine = Math.cos(radians);
  const scale = 1 + alpha;
  const [b0, b1] = [(1 + cosine) / 2 / scale, -(1 + cosine) / scale];
  const [a1, a2] = [(-2 * cosine) / scale, (1 - alpha) / scale];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = b0 * (x + x2) + b1 * x1 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}
