import { expect, test } from 'vitest';
import { bytesInMemory } from '#lib/datasets/byte-source.ts';
import { cutWav, decodeWav, readWavHeader, type WavHeader } from '#lib/datasets/wav.ts';
import { aWav, riff, samples16, type WavShape } from '../wav-files.ts';

function headerOf(bytes: Uint8Array): WavHeader {
  const reading = readWavHeader(bytes);
  if (reading.status === 'refused') throw new Error(reading.code);
  return reading.header;
}

function codeOf(bytes: Uint8Array): string {
  const reading = readWavHeader(bytes);
  return reading.status === 'refused' ? reading.code : 'taken';
}

function patched(bytes: Uint8Array, offset: number, ...values: number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(values, offset);
  return copy;
}

test('a header tells encoding, rate, channels and duration', () => {
  expect(headerOf(aWav({ channels: 2, sampleRateHz: 16_000, data: new Uint8Array(64_000) }))).toEqual({
    encoding: 'pcm',
    sampleRateHz: 16_000,
    channels: 2,
    bitsPerSample: 16,
    durationSeconds: 1,
    dataOffset: 44,
    dataBytes: 64_000,
  });
});

const encodings: [string, Partial<WavShape>, number[], number[]][] = [
  ['8-bit PCM, which is unsigned', { bits: 8 }, [128, 255, 0], [0, 127 / 128, -1]],
  ['16-bit PCM', {}, [0, 0, 0xff, 0x7f, 0, 0x80], [0, 32767 / 32768, -1]],
  ['24-bit PCM', { bits: 24 }, [0, 0, 0, 0, 0, 0x40, 0, 0, 0x80], [0, 0.5, -1]],
  ['32-bit PCM', { bits: 32 }, [0, 0, 0, 0x40, 0, 0, 0, 0x80], [0.5, -1]],
  ['32-bit float', { format: 3, bits: 32 }, [...new Uint8Array(Float32Array.of(0.25, -1, 1).buffer)], [0.25, -1, 1]],
  ['64-bit float', { format: 3, bits: 64 }, [...new Uint8Array(Float64Array.of(0.25, -1).buffer)], [0.25, -1]],
  // ITU-T G.711: the code words of the smallest and the largest magnitudes.
  ['A-law', { format: 6, bits: 8 }, [0xd5, 0x55, 0xaa, 0x2a], [8 / 32768, -8 / 32768, 32256 / 32768, -32256 / 32768]],
  ['µ-law', { format: 7, bits: 8 }, [0xff, 0x80, 0x00], [0, 32124 / 32768, -32124 / 32768]],
];

test.each(encodings)('%s decodes to samples between −1 and 1', (_name, shape, pattern, expected) => {
  const repeats = 400;
  const data = Uint8Array.from({ length: pattern.length * repeats }, (_, i) => pattern[i % pattern.length]!);
  const { samples } = decodeWav(aWav({ ...shape, data }));
  expect(samples.length).toBe(expected.length * repeats);
  for (const [i, value] of expected.entries()) expect(samples[i]).toBeCloseTo(value, 6);
});

test('channels are mixed down to their mean', () => {
  const frames = Array.from({ length: 400 }, () => [16384, -8192]).flat();
  const { samples } = decodeWav(aWav({ channels: 2, data: samples16(frames) }));
  expect(samples.length).toBe(400);
  expect(samples[7]).toBe(0.125);
});

test('a float sample that is no number becomes silence', () => {
  const values = Float32Array.from({ length: 400 }, (_, i) => [Number.NaN, Infinity, 0.5][i % 3]!);
  const { samples } = decodeWav(aWav({ format: 3, bits: 32, data: new Uint8Array(values.buffer) }));
  expect([...samples.subarray(0, 3)]).toEqual([0, 0, 0.5]);
});

test('other chunks are stepped over, an odd one with its pad byte', () => {
  const file = aWav({ before: [['LIST', new Uint8Array(5)]], after: [['id3 ', new Uint8Array(3)]] });
  expect(headerOf(file)).toMatchObject({ dataOffset: 58, dataBytes: 1600 });
  expect(codeOf(file.subarray(0, file.length - 1))).toBe('dataset-wav-size');
});

test('a pad byte that the declared size does not count is fine', () => {
  const file = aWav({ after: [['id3 ', new Uint8Array(3)]] });
  const declared = file.length - 8 - 1;
  expect(codeOf(patched(file, 4, declared & 0xff, declared >> 8))).toBe('taken');
});

test('the extensible form of a plain encoding is read, any other refused', () => {
  const extensible = (subFormat: number, tail: string) => {
    const fmt = Buffer.alloc(40);
    Buffer.from(aWav().subarray(20, 36)).copy(fmt);
    fmt.writeUInt16LE(0xfffe, 0);
    fmt.writeUInt16LE(22, 16);
    fmt.writeUInt16LE(16, 18);
    fmt.writeUInt16LE(subFormat, 24);
    Buffer.from(tail, 'hex').copy(fmt, 26);
    return riff([
      ['fmt ', fmt],
      ['data', new Uint8Array(1600)],
    ]);
  };
  expect(headerOf(extensible(1, '000000001000800000aa00389b71')).encoding).toBe('pcm');
  expect(codeOf(extensible(1, '000000001000800000aa00389b72'))).toBe('dataset-wav-encoding');
  expect(codeOf(extensible(85, '000000001000800000aa00389b71'))).toBe('dataset-wav-encoding');
});

const refusals: [string, Uint8Array, string][] = [
  ['a file that is no WAV', Buffer.from('RIFF\x04\0\0\0AVI '), 'dataset-wav-signature'],
  ['nothing at all', new Uint8Array(0), 'dataset-wav-signature'],
  ['a file cut off within its samples', aWav().subarray(0, 900), 'dataset-wav-size'],
  ['bytes behind the end', Buffer.concat([aWav(), Buffer.alloc(10)]), 'dataset-wav-size'],
  ['the unknown size of a pipe', patched(aWav(), 40, 255, 255, 255, 255), 'dataset-wav-chunk'],
  ['the unknown sizes of a pipe', patched(aWav(), 4, 255, 255, 255, 255), 'dataset-wav-size'],
  [
    'a chunk longer than the file',
    aWav({ after: [['cue ', new Uint8Array(4)]] }).map((b, i) => (i === 1648 ? 200 : b)),
    'dataset-wav-chunk',
  ],
  [
    'a hundred chunks',
    aWav({ before: Array.from({ length: 100 }, () => ['JUNK', new Uint8Array(0)] as const) as never }),
    'dataset-wav-chunks',
  ],
  ['no format', riff([['data', new Uint8Array(1600)]]), 'dataset-wav-chunk-count'],
  ['two data chunks', aWav({ after: [['data', new Uint8Array(4)]] }), 'dataset-wav-chunk-count'],
  ['MP3 in a WAV', aWav({ format: 85 }), 'dataset-wav-encoding'],
  ['17 bits', patched(aWav(), 34, 17), 'dataset-wav-encoding'],
  ['no bits', patched(aWav(), 34, 0), 'dataset-wav-encoding'],
  ['no channels', patched(aWav(), 22, 0, 0), 'dataset-wav-channels'],
  ['65,535 channels', patched(aWav(), 22, 255, 255), 'dataset-wav-channels'],
  ['no rate', aWav({ sampleRateHz: 0 }), 'dataset-wav-rate'],
  ['a rate of a million', aWav({ sampleRateHz: 1_000_000 }), 'dataset-wav-rate'],
  ['frames of another size than channels and bits make', patched(aWav(), 32, 4), 'dataset-wav-frame-size'],
  ['half a frame at the end', aWav({ data: new Uint8Array(1601) }), 'dataset-wav-frames'],
  ['no samples', aWav({ data: new Uint8Array(0) }), 'dataset-duration'],
  [
    'a format of odd length',
    riff([
      ['fmt ', new Uint8Array(20)],
      ['data', new Uint8Array(1600)],
    ]),
    'dataset-wav-format-size',
  ],
];

test.each(refusals)('%s is refused', (_name, bytes, code) => {
  expect(codeOf(bytes)).toBe(code);
  expect(() => decodeWav(bytes)).toThrow(code);
});

test('a cue chunk that claims two thousand million points costs nothing', () => {
  const cue = new Uint8Array(24).fill(255);
  const started = performance.now();
  expect(decodeWav(aWav({ before: [['cue ', cue]] })).samples.length).toBe(800);
  expect(performance.now() - started).toBeLessThan(200);
});

test('a stretch is cut to whole frames and is a WAV of its own', () => {
  const file = aWav({ data: samples16(Array.from({ length: 8000 }, (_, i) => i)) });
  const cut = cutWav(bytesInMemory(file), headerOf(file), 0.5, 0.25);
  expect(headerOf(cut).durationSeconds).toBe(0.25);
  expect(Math.round(decodeWav(cut).samples[0]! * 32768)).toBe(4000);
  const atTheEnd = cutWav(bytesInMemory(file), headerOf(file), 0.9, 0.2);
  expect(headerOf(atTheEnd).durationSeconds).toBeCloseTo(0.1);
});
