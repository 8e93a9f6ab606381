import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '#lib/datasets/byte-source.ts';
import { mp3Seconds } from '#lib/datasets/mp3.ts';
import { levelWarning, soundLevel } from '#lib/datasets/sound-level.ts';
import { readWavHeader } from '#lib/datasets/wav.ts';
import { aWav, samples16, type WavShape } from '../wav-files.ts';

function levelOf(shape: Partial<WavShape>, from = 0, seconds?: number) {
  const bytes = aWav(shape);
  const reading = readWavHeader(bytes);
  if (reading.status === 'refused') throw new Error(reading.code);
  return soundLevel(bytesInMemory(bytes), reading.header, from, seconds ?? reading.header.durationSeconds);
}

const sine = (amplitude: number, seconds = 1) =>
  Array.from({ length: 8000 * seconds }, (_, i) => Math.round(amplitude * 32_767 * Math.sin(i * 0.3)));

describe('the level of a recording', () => {
  test('is its peak and its root mean square, 1/√2 of a sine’s amplitude', () => {
    const { peak, rootMeanSquare, clippedShare } = levelOf({ data: samples16(sine(0.5)) });
    expect([peak, rootMeanSquare]).toEqual([expect.closeTo(0.5, 3), expect.closeTo(0.5 / Math.SQRT2, 3)]);
    expect(clippedShare).toBe(0);
  });

  test('is the same in 16-bit and in float samples', () => {
    const floats = Float32Array.from(sine(0.5), (value) => value / 32_768);
    const other = levelOf({ format: 3, bits: 32, data: new Uint8Array(floats.buffer) });
    const plain = levelOf({ data: samples16(sine(0.5)) });
    expect(other.rootMeanSquare).toBeCloseTo(plain.rootMeanSquare, 6);
    expect(other.peak).toBeCloseTo(plain.peak, 6);
  });

  test('of a stretch is that of the stretch, and pieces of a minute make no difference', () => {
    const quietThenLoud = [...sine(0.001, 61), ...sine(0.5, 2)];
    expect(levelOf({ data: samples16(quietThenLoud) }, 0, 60).peak).toBeLessThan(0.002);
    expect(levelOf({ data: samples16(quietThenLoud) }).peak).toBeCloseTo(0.5, 3);
  });

  test.each([
    ['silence', sine(0), 'warning-dataset-silent'],
    ['a whisper far off', sine(0.004), 'warning-dataset-quiet'],
    ['plain speech', sine(0.3), null],
    ['what touches full scale now and then', sine(1).map((v, i) => (i % 1000 === 0 ? 32_767 : v * 0.9)), null],
    [
      'what is cut off at full scale',
      sine(3).map((v) => Math.max(-32_768, Math.min(32_767, v))),
      'warning-dataset-clipped',
    ],
  ])('of %s is told', (_, samples, warning) => {
    expect(levelWarning(levelOf({ data: samples16(samples) }))).toBe(warning);
  });
});

describe('the length of an MP3', () => {
  /** MPEG-1 layer III at 44.1 kHz: index 9 is 128 kbit/s, 5 is 64. */
  const frame = (index: number, content = '') => {
    const bytes = Buffer.alloc(Math.floor((1152 * [0, 0, 0, 0, 0, 64, 0, 0, 0, 128][index]! * 125) / 44_100));
    bytes.set([0xff, 0xfb, index << 4, 0]);
    bytes.write(content, 36, 'latin1');
    return bytes;
  };
  const seconds = (...parts: Uint8Array[]) => mp3Seconds(bytesInMemory(Buffer.concat(parts)));
  const tag = Buffer.from([...Buffer.from('ID3'), 4, 0, 0, 0, 0, 1, 2, ...Buffer.alloc(130, 0xff)]);

  test('is that of its frames, whatever their bit rates', () => {
    expect(seconds(frame(9), frame(5), frame(9))).toBeCloseTo((3 * 1152) / 44_100, 9);
  });

  test('does not count tags before and behind, junk in between, and the frame that describes the others', () => {
    const sound = [frame(9), Buffer.from('junk'), frame(9)];
    expect(seconds(tag, frame(9, 'Xing'), ...sound, Buffer.alloc(128, 'TAG'))).toBeCloseTo((2 * 1152) / 44_100, 9);
    expect(seconds(tag, frame(9, 'plain'), ...sound)).toBeCloseTo((3 * 1152) / 44_100, 9);
  });

  test('is unknown without a frame, and found in linear time among bytes made to look like some', () => {
    expect(seconds(Buffer.from('ID3'))).toBeNull();
    expect(seconds(Buffer.alloc(1_000_000, 0xff))).toBeNull();
  });
});
