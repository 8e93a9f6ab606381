import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bands, logMel, rawLogMel, sampleRateHz } from '#scoring/baseline/features.ts';
import { createPowerSpectrum } from '#scoring/baseline/fft.ts';
import { resample } from '#scoring/baseline/resample.ts';
import { createRandom } from '#scoring/statistics/random.ts';

/** White noise, −0.5 to 0.5. */
function noise(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => random() / 2 ** 32 - 0.5);
}

function tone(hertz: number, rateHz: number, count: number, amplitude = 0.5): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rateHz));
}

/** Straight from the definitions, slowly: the oracle. */
function melByDefinition(samples: Float32Array, start: number): number[] {
  const at = (i: number) => samples[Math.max(0, i)] ?? 0;
  const frame = Array.from({ length: 200 }, (_, i) =>
    start + i < samples.length
      ? (at(start + i) - 0.97 * at(start + i - 1)) * (0.54 - 0.46 * Math.cos((2 * Math.PI * i) / 199))
      : 0,
  );
  const power = powerByDefinition(frame, 256);
  const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
  const edges = Array.from({ length: 42 }, (_, i) => mel(60) + (i * (mel(3800) - mel(60))) / 41);
  return edges.slice(1, 41).map((centre, band) => {
    let sum = 1e-4;
    for (const [bin, value] of power.entries()) {
      const x = mel(bin * 31.25);
      const [low, high] = [edges[band]!, edges[band + 2]!];
      if (x > low && x <= centre) sum += (value * (x - low)) / (centre - low);
      else if (x > centre && x < high) sum += (value * (high - x)) / (high - centre);
    }
    return Math.log(sum);
  });
}

function powerByDefinition(frame: readonly number[], length: number): number[] {
  return Array.from({ length: length / 2 + 1 }, (_, k) => {
    let [re, im] = [0, 0];
    for (const [i, value] of frame.entries()) {
      re += value * Math.cos((2 * Math.PI * i * k) / length);
      im -= value * Math.sin((2 * Math.PI * i * k) / length);
    }
    return re * re + im * im;
  });
}

function loudestBand(samples: Float32Array): number {
  const { frames, data } = rawLogMel(samples);
  const middle = [...data.subarray(Math.floor(frames / 2) * bands, (Math.floor(frames / 2) + 1) * bands)];
  return middle.indexOf(Math.max(...middle));
}

describe('the power spectrum', () => {
  test.each([4, 8, 64, 256])('of %i samples is the sum of its definition', (length) => {
    const spectrum = createPowerSpectrum(length);
    for (let seed = 1; seed <= 5; seed++) {
      const frame = [...noise(length, seed)];
      spectrum.frame.set(frame);
      spectrum.transform();
      for (const [k, value] of powerByDefinition(frame, length).entries()) {
        expect(spectrum.power[k]).toBeCloseTo(value, 9);
      }
    }
  });
});

describe('log-mel features', () => {
  test('are those of the slow definition, frame by frame', () => {
    const samples = noise(1000, 3);
    const { frames, data } = rawLogMel(samples);
    expect(frames).toBe(11);
    for (let frame = 0; frame < frames; frame++) {
      for (const [band, value] of melByDefinition(samples, frame * 80).entries()) {
        expect(data[frame * bands + band]).toBeCloseTo(value, 4);
      }
    }
  });

  test('put a tone into the band around it', () => {
    const [lowestMel, stepMel] = [92.69, 48.88];
    for (let band = 0; band < bands; band++) {
      const centreHz = 700 * (10 ** ((lowestMel + (band + 1) * stepMel) / 2595) - 1);
      expect(loudestBand(tone(centreHz, sampleRateHz, 4000))).toBe(band);
    }
  });

  test('have one frame each 10 ms where a whole window fits, and one padded frame of less', () => {
    const framesOf = (count: number) => rawLogMel(noise(count, 1)).frames;
    expect([0, 1, 199, 200, 279, 280, 8000].map(framesOf)).toEqual([1, 1, 1, 1, 1, 2, 98]);
    const short = noise(120, 2);
    for (const [band, value] of melByDefinition(short, 0).entries()) {
      expect(rawLogMel(short).data[band]).toBeCloseTo(value, 4);
    }
  });

  test('are finite for silence, for nothing and for the loudest floats', () => {
    const loudest = new Float32Array(1000).map((_, i) => (i % 3 === 0 ? 3.4e38 : -3.4e38));
    for (const samples of [new Float32Array(0), new Float32Array(4000), loudest]) {
      expect(logMel(samples).data.every(Number.isFinite)).toBe(true);
    }
    expect(new Set(logMel(new Float32Array(4000)).data.map(Math.abs))).toEqual(new Set([0]));
  });

  test('do not change with loudness, and their bands have no mean', () => {
    const quiet = tone(700, sampleRateHz, 8000, 0.1).map(
      (value, i) => value * Math.sin(i / 900) + 0.05 * Math.cos(i * i),
    );
    const loud = quiet.map((value) => value * 4);
    const [one, other] = [logMel(quiet), logMel(loud)];
    for (let band = 0; band < bands; band++) {
      let sum = 0;
      for (let frame = 0; frame < one.frames; frame++) sum += one.data[frame * bands + band]!;
      expect(Math.abs(sum / one.frames)).toBeLessThan(1e-5);
    }
    const apart = one.data.map((value, i) => Math.abs(value - other.data[i]!));
    expect(apart.reduce((a, b) => a + b) / apart.length).toBeLessThan(0.02);
    // Control: the spectrogram itself does change.
    expect(rawLogMel(loud).data[5]! - rawLogMel(quiet).data[5]!).toBeGreaterThan(2);
  });
});

describe('resampling', () => {
  const inside = (samples: Float32Array) => samples.subarray(200, -200);
  const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

  test.each([
    [16_000, 8000],
    [44_100, 8000],
    [22_050, 8000],
    [48_000, 8000],
    [4000, 8000],
    [8000, 8888],
    [8000, 7273],
  ])('from %i to %i Hz keeps a tone of 1 kHz as it is', (fromHz, toHz) => {
    const result = resample(tone(1000, fromHz, fromHz), fromHz, toHz);
    expect(result.length).toBe(toHz);
    const expected = tone(1000, toHz, toHz);
    const error = inside(result.map((value, i) => value - expected[i]!));
    expect(rms(error)).toBeLessThan(0.5e-3);
  });

  test('silences what the lower rate cannot hold, instead of folding it into the speech', () => {
    expect(rms(inside(resample(tone(5000, 16_000, 16_000), 16_000, 8000)))).toBeLessThan(1e-3);
    expect(rms(inside(resample(tone(4400, 44_100, 44_100), 44_100, 8000)))).toBeLessThan(1e-3);
    // Control: taking every second sample folds 5 kHz to 3 kHz at full strength.
    expect(rms(tone(5000, 16_000, 16_000).filter((_, i) => i % 2 === 0))).toBeGreaterThan(0.3);
  });

  test('keeps constants, lengths and order at any ratio', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 4000, max: 96_000 }), (count, fromHz) => {
        const result = resample(new Float32Array(count).fill(0.25), fromHz, 8000);
        expect(result.length).toBe(Math.max(Math.min(count, 1), Math.round((count * 8000) / fromHz)));
        expect(result.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 30 },
    );
    const constant = inside(resample(new Float32Array(9000).fill(0.25), 9000, 8000));
    expect(Math.max(...constant.map((value) => Math.abs(value - 0.25)))).toBeLessThan(1e-5);
  });
});
