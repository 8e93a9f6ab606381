import { describe, expect, test } from 'vitest';
import { bands, type Features } from '#scoring/baseline/features.ts';
import {
  amplified,
  changeSpeed,
  noiseColours,
  tilted,
  varySpeech,
  withMasks,
  withNoise,
} from '#scoring/baseline/training/augment.ts';
import { createRandom } from '#scoring/statistics/random.ts';

const tone = (hertz: number, count = 8000) =>
  Float32Array.from({ length: count }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hertz * i) / 8000));
const power = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
const decibels = (ratio: number) => 10 * Math.log10(ratio);
/** Half the number of sign changes in a second. */
const pitch = (samples: Float32Array) =>
  (samples.filter((x, i) => i > 0 && x >= 0 !== samples[i - 1]! >= 0).length / 2 / samples.length) * 8000;

describe('variations of training speech', () => {
  test('are the same for the same draws, others for other draws, and leave the clip alone', () => {
    const clip = tone(500);
    expect(varySpeech(clip, createRandom(5))).toEqual(varySpeech(clip, createRandom(5)));
    expect(varySpeech(clip, createRandom(6))).not.toEqual(varySpeech(clip, createRandom(5)));
    expect(clip).toEqual(tone(500));
  });

  test('stay within their documented ranges', () => {
    const lengths: number[] = [];
    const random = createRandom(9);
    for (let i = 0; i < 60; i++) {
      const varied = varySpeech(tone(500, 2000), random);
      expect(varied.every((x) => Math.abs(x) <= 1)).toBe(true);
      lengths.push(2000 / varied.length);
    }
    expect(Math.min(...lengths)).toBeGreaterThan(0.899);
    expect(Math.max(...lengths)).toBeLessThan(1.121);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeGreaterThan(0.15);
  });

  test('a higher speed shortens the clip and raises its pitch', () => {
    const fast = changeSpeed(tone(500), 1.1);
    expect(fast.length).toBe(7273);
    expect(pitch(fast)).toBeCloseTo(550, -1);
    expect(pitch(changeSpeed(tone(500), 0.9))).toBeCloseTo(450, -1);
  });

  test.each(noiseColours)('%s noise is as much quieter than the clip as asked for', (colour) => {
    const clip = tone(440);
    for (const asked of [0, 10, 30]) {
      const noisy = withNoise(clip, asked, colour, createRandom(1));
      expect(decibels(power(clip) / power(noisy.map((x, i) => x - clip[i]!)))).toBeCloseTo(asked, 1);
    }
    expect(withNoise(new Float32Array(100), 10, colour, createRandom(1)).every((x) => x === 0)).toBe(true);
  });

  test('pink noise has more of the low than of the high, white noise has not', () => {
    // Low-passed differently: differences of neighbours weigh the high.
    const shrillness = (colour: 'white' | 'pink') => {
      const noise = withNoise(tone(440), -60, colour, createRandom(2));
      return power(noise.map((x, i) => x - (noise[i - 1] ?? 0))) / power(noise);
    };
    expect(shrillness('white')).toBeGreaterThan(1.8);
    expect(shrillness('pink')).toBeLessThan(0.9);
  });

  test('a tilt moves power between low and high, and gain changes nothing but loudness', () => {
    const ratio = (slope: number) => power(tilted(tone(3000), slope)) / power(tilted(tone(300), slope));
    expect([ratio(0.6) > 4, Math.abs(ratio(0) - 1) < 0.01, ratio(-0.6) < 0.25]).toEqual([true, true, true]);
    expect(decibels(power(amplified(tone(500), -6)) / power(tone(500)))).toBeCloseTo(-6, 5);
    expect(Math.max(...amplified(tone(500), 40))).toBe(1);
  });
});

describe('masks over features', () => {
  const ones = (frames: number): Features => ({ frames, data: new Float32Array(frames * bands).fill(1) });

  test('hide whole frames and whole bands, and no more than they may', () => {
    const random = createRandom(4);
    for (let i = 0; i < 200; i++) {
      const { frames, data } = withMasks(ones(100), random);
      const isHidden = (frame: number, band: number) => data[frame * bands + band] === 0;
      const all = [...Array(frames).keys()];
      const every = [...Array(bands).keys()];
      const hiddenFrames = all.filter((frame) => every.every((band) => isHidden(frame, band)));
      const hiddenBands = every.filter((band) => all.every((frame) => isHidden(frame, band)));
      expect(hiddenFrames.length).toBeLessThanOrEqual(20);
      expect(hiddenBands.length).toBeLessThanOrEqual(12);
      const seen = (frames - hiddenFrames.length) * (bands - hiddenBands.length);
      expect(data.filter((x) => x === 1).length).toBe(seen);
    }
  });

  test('leave a word of a few frames alone in time, and the original always', () => {
    const short = ones(8);
    const { data } = withMasks(short, createRandom(1), {
      ...{ timeMasks: 9, mostFrames: 20, mostShare: 0.1 },
      bandMasks: 0,
      mostBands: 0,
    });
    expect(data.every((x) => x === 1)).toBe(true);
    withMasks(short, createRandom(1));
    expect(short).toEqual(ones(8));
  });
});
