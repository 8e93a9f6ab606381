import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesInMemory } from '#lib/datasets/byte-source.ts';
import { soundLevel } from '#lib/datasets/sound-level.ts';
import { decodeWav, inspectWav } from '#lib/datasets/wav.ts';
import { findSound, readSound } from '#scoring/baseline/sound.ts';
import { cueBomb, wavMutant } from '../wav-mutants.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-wav-'));
const path = join(folder, 'mutant.wav');
afterAll(() => rmSync(folder, { recursive: true }));

const count = 5_000;

/** What becomes of a file: 'taken', or the code it is refused with. Whatever else happens is thrown. */
function readEverywhere(number: number): string {
  const bytes = wavMutant(number);
  const reading = inspectWav(bytesInMemory(bytes));
  if (reading.status === 'refused') {
    expect(() => decodeWav(bytes), `mutant ${number}`).toThrow(reading.code);
    return reading.code;
  }
  const { header } = reading;
  const { samples } = decodeWav(bytes);
  const level = soundLevel(bytesInMemory(bytes), header, 0, header.durationSeconds);
  const isSound = samples.every(Number.isFinite) && level.peak >= 0 && Number.isFinite(level.clippedShare);
  expect(isSound && samples.length > 0, `mutant ${number}`).toBe(true);
  writeFileSync(path, bytes);
  const found = findSound(path);
  if ('code' in found) throw new Error(`mutant ${number}: taken, and refused with ${found.code}`);
  expect(readSound(found).every(Number.isFinite), `mutant ${number}`).toBe(true);
  return 'taken';
}

/** Whether `wavefile` alone has read a file within `milliseconds`, in a thread that is ended if not. */
function unguarded(bytes: Uint8Array, milliseconds: number): Promise<'read' | 'thrown' | 'not in time'> {
  const program = `const { WaveFile } = require('wavefile'); const { workerData, parentPort } = require('node:worker_threads');
    try { new WaveFile(workerData); parentPort.postMessage('read'); } catch { parentPort.postMessage('thrown'); }`;
  const options = { eval: true, workerData: bytes, resourceLimits: { maxOldGenerationSizeMb: 128 } };
  return new Promise((resolve) => {
    const thread = new Worker(program, options);
    const end = (outcome: 'read' | 'thrown' | 'not in time') => {
      clearTimeout(timer);
      resolve(outcome);
      void thread.terminate();
    };
    const timer = setTimeout(() => end('not in time'), milliseconds);
    thread.on('message', end).on('error', () => end('not in time'));
  });
}

describe('five thousand WAV files with broken headers and chunks', () => {
  test('are refused or read, each in a moment and in little memory', () => {
    const outcomes = new Map<string, number>();
    const before = process.memoryUsage();
    let slowest = { number: 0, milliseconds: 0 };
    for (let number = 0; number < count; number += 1) {
      const started = performance.now();
      const outcome = readEverywhere(number);
      const milliseconds = performance.now() - started;
      if (milliseconds > slowest.milliseconds) slowest = { number, milliseconds };
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    const after = process.memoryUsage();
    expect(slowest.milliseconds, `mutant ${slowest.number}`).toBeLessThan(1_000);
    expect(after.rss - before.rss).toBeLessThan(400 * 2 ** 20);
    // The control of the generator: files of all kinds, those that are read as well, and every refusal there is.
    expect(outcomes.get('taken')).toBeGreaterThan(count / 20);
    expect([...outcomes.keys()].sort()).toEqual([
      'dataset-duration',
      'dataset-wav-channels',
      'dataset-wav-chunk',
      'dataset-wav-chunk-count',
      'dataset-wav-chunks',
      'dataset-wav-encoding',
      'dataset-wav-format-size',
      'dataset-wav-frame-size',
      'dataset-wav-frames',
      'dataset-wav-rate',
      'dataset-wav-signature',
      'dataset-wav-size',
      'taken',
    ]);
  });

  test('the bomb that keeps a decoder without our check busy without end is read at once', async () => {
    expect(await unguarded(wavMutant(0).fill(0), 2_000)).toBe('thrown');
    expect(await unguarded(cueBomb, 1_000)).toBe('not in time');
    const started = performance.now();
    expect(decodeWav(cueBomb).samples.length).toBe(1200);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
