import wavefile from 'wavefile';
import { type ByteSource, bytesInMemory } from '#lib/datasets/byte-source.ts';
import type { Problem, ProblemCode } from '#lib/problems.ts';

export type WavEncoding = 'pcm' | 'float' | 'a-law' | 'mu-law';

export type WavHeader = {
  encoding: WavEncoding;
  sampleRateHz: number;
  channels: number;
  bitsPerSample: number;
  durationSeconds: number;
  /** Where the samples stand in the file, in bytes. */
  dataOffset: number;
  dataBytes: number;
};

/** Why a WAV is not taken: `problems.${code}` in lib/messages. */
export type Refusal = Pick<Problem<ProblemCode>, 'code' | 'values'>;

export type WavReading = { status: 'read'; header: WavHeader } | ({ status: 'refused' } & Refusal);

export const wavLimits = {
  chunks: 64,
  channels: 8,
  minSampleRateHz: 4_000,
  maxSampleRateHz: 192_000,
  /** One analysis window: less cannot hold speech. */
  minDurationSeconds: 0.025,
  maxDurationSeconds: 3_600,
};

const encodings: Record<number, { encoding: WavEncoding; bits: readonly number[] }> = {
  1: { encoding: 'pcm', bits: [8, 16, 24, 32] },
  3: { encoding: 'float', bits: [32, 64] },
  6: { encoding: 'a-law', bits: [8] },
  7: { encoding: 'mu-law', bits: [8] },
};
const formatCodes: Record<WavEncoding, number> = { pcm: 1, float: 3, 'a-law': 6, 'mu-law': 7 };
const extensible = 0xfffe;
/** The tail shared by all sub-formats that stand for a plain format code (KSDATAFORMAT_SUBTYPE_*). */
const subFormatTail = '000000001000800000aa00389b71';

export function readWavHeader(bytes: Uint8Array): WavReading {
  return inspectWav(bytesInMemory(bytes));
}

/**
 * The strict check before any decoder sees a file: sizes must add up exactly, one `fmt ` and one `data`, known encodings,
 * sensible figures. Chunks of no use to us (`cue `, `LIST`, …) are stepped over by their size, their content never read.
 */
export function inspectWav(source: ByteSource): WavReading {
  const chunks = listChunks(source);
  if ('code' in chunks) return { status: 'refused', ...chunks };
  const fmt = chunks.filter((chunk) => chunk.id === 'fmt ');
  const data = chunks.filter((chunk) => chunk.id === 'data');
  if (fmt.length !== 1) return refused('dataset-wav-chunk-count', { chunk: 'fmt', count: fmt.length });
  if (data.length !== 1) return refused('dataset-wav-chunk-count', { chunk: 'data', count: data.length });
  const format = readFormat(source.read(fmt[0]!.offset, Math.min(fmt[0]!.bytes, 40)), fmt[0]!.bytes);
  if ('code' in format) return { status: 'refused', ...format };

  const frameBytes = (format.channels * format.bitsPerSample) / 8;
  const dataBytes = data[0]!.bytes;
  if (dataBytes % frameBytes !== 0) return refused('dataset-wav-frames', { bytes: dataBytes, frameBytes });
  const durationSeconds = dataBytes / frameBytes / format.sampleRateHz;
  const { minDurationSeconds, maxDurationSeconds } = wavLimits;
  if (durationSeconds < minDurationSeconds || durationSeconds > maxDurationSeconds) {
    const seconds = Number(durationSeconds.toFixed(3));
    return refused('dataset-duration', { seconds, least: minDurationSeconds, most: maxDurationSeconds });
  }
  return { status: 'read', header: { ...format, durationSeconds, dataOffset: data[0]!.offset, dataBytes } };
}

/**
 * The samples of a WAV as one channel: the mean of its channels, −1 to 1 for integer encodings, as stored for float ones
 * (what is not a finite number becomes silence). Throws where readWavHeader refuses.
 */
export function decodeWav(bytes: Uint8Array): { sampleRateHz: number; samples: Float32Array } {
  const reading = readWavHeader(bytes);
  if (reading.status === 'refused') throw new Error(`not a readable WAV: ${reading.code}`);
  const { header } = reading;
  // The decoder gets a file of our own making: one fmt, one data. Its loops over other chunks can be made to run for hours.
  const decoder = new wavefile.WaveFile(
    minimalWav(header, bytes.subarray(header.dataOffset, header.dataOffset + header.dataBytes)),
  );
  if (header.encoding === 'a-law') decoder.fromALaw();
  if (header.encoding === 'mu-law') decoder.fromMuLaw();
  const interleaved = decoder.getSamples(true, Float64Array) as unknown as Float64Array;
  return { sampleRateHz: header.sampleRateHz, samples: mixDown(interleaved, header) };
}

/** A stretch of a WAV as a WAV of its own, rounded to whole frames and ended where the recording ends. */
export function cutWav(
  source: ByteSource,
  header: WavHeader,
  startSeconds: number,
  durationSeconds: number,
): Uint8Array {
  const frameBytes = (header.channels * header.bitsPerSample) / 8;
  const start = Math.round(startSeconds * header.sampleRateHz) * frameBytes;
  const end = Math.min(header.dataBytes, start + Math.round(durationSeconds * header.sampleRateHz) * frameBytes);
  return minimalWav(header, source.read(header.dataOffset + start, end - start));
}

type Chunk = { id: string; offset: number; bytes: number };

function listChunks(source: ByteSource): Chunk[] | Refusal {
  const head = source.read(0, 12);
  if (head.length < 12 || ascii(head, 0) !== 'RIFF' || ascii(head, 8) !== 'WAVE') {
    return { code: 'dataset-wav-signature', values: {} };
  }
  const declared = viewOf(head).getUint32(4, true) + 8;
  // A last chunk of odd length has a pad byte, which some writers count and others do not.
  if (declared !== source.size && declared + 1 !== source.size) {
    return { code: 'dataset-wav-size', values: { declared, actual: source.size } };
  }
  const chunks: Chunk[] = [];
  let offset = 12;
  while (offset < source.size) {
    const header = source.read(offset, 8);
    if (header.length < 8) {
      // The uncounted pad byte itself.
      if (header.length === 1 && declared + 1 === source.size) break;
      return { code: 'dataset-wav-size', values: { declared: offset, actual: source.size } };
    }
    const id = ascii(header, 0);
    const bytes = viewOf(header).getUint32(4, true);
    if (offset + 8 + bytes > source.size) return { code: 'dataset-wav-chunk', values: { chunk: printable(id), bytes } };
    if (chunks.length >= wavLimits.chunks) return { code: 'dataset-wav-chunks', values: { most: wavLimits.chunks } };
    chunks.push({ id, offset: offset + 8, bytes });
    offset += 8 + bytes + (bytes % 2);
  }
  return chunks;
}

type Format = Pick<WavHeader, 'encoding' | 'sampleRateHz' | 'channels' | 'bitsPerSample'>;

function readFormat(fmt: Uint8Array, declaredBytes: number): Format | Refusal {
  if (fmt.length < 16 || ![16, 18, 40].includes(declaredBytes)) {
    return { code: 'dataset-wav-format-size', values: { bytes: declaredBytes } };
  }
  const view = viewOf(fmt);
  const bitsPerSample = view.getUint16(14, true);
  const code = formatCode(view);
  const known = encodings[code];
  if (known === undefined || !known.bits.includes(bitsPerSample)) {
    return { code: 'dataset-wav-encoding', values: { format: code, bits: bitsPerSample } };
  }
  const channels = view.getUint16(2, true);
  if (channels < 1 || channels > wavLimits.channels) {
    return { code: 'dataset-wav-channels', values: { channels, most: wavLimits.channels } };
  }
  const sampleRateHz = view.getUint32(4, true);
  const { minSampleRateHz: least, maxSampleRateHz: most } = wavLimits;
  if (sampleRateHz < least || sampleRateHz > most) {
    return { code: 'dataset-wav-rate', values: { hertz: sampleRateHz, least, most } };
  }
  const frameBytes = view.getUint16(12, true);
  if (frameBytes !== (channels * bitsPerSample) / 8) {
    return { code: 'dataset-wav-frame-size', values: { declared: frameBytes, actual: (channels * bitsPerSample) / 8 } };
  }
  return { encoding: known.encoding, sampleRateHz, channels, bitsPerSample };
}

/** The plain format code; for the extensible form the one inside, or the form's own code where that is not a plain one. */
function formatCode(fmt: DataView): number {
  const code = fmt.getUint16(0, true);
  if (code !== extensible || fmt.byteLength < 40) return code;
  const tail = Array.from({ length: 14 }, (_, i) =>
    fmt
      .getUint8(26 + i)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
  const validBits = fmt.getUint16(18, true);
  const isPlain = tail === subFormatTail && (validBits === 0 || validBits === fmt.getUint16(14, true));
  return isPlain ? fmt.getUint16(24, true) : code;
}

function minimalWav(format: Format, data: Uint8Array): Uint8Array {
  const padded = data.length + (data.length % 2);
  const file = new Uint8Array(44 + padded);
  const view = viewOf(file);
  const frameBytes = (format.channels * format.bitsPerSample) / 8;
  writeAscii(file, 0, 'RIFF');
  view.setUint32(4, 36 + padded, true);
  writeAscii(file, 8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, formatCodes[format.encoding], true);
  view.setUint16(22, format.channels, true);
  view.setUint32(24, format.sampleRateHz, true);
  view.setUint32(28, format.sampleRateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, format.bitsPerSample, true);
  writeAscii(file, 36, 'data');
  view.setUint32(40, data.length, true);
  file.set(data, 44);
  return file;
}

function mixDown(interleaved: Float64Array, header: WavHeader): Float32Array {
  const { channels, encoding, bitsPerSample } = header;
  // A-law and µ-law were expanded to 16 bits; 8-bit PCM is the one unsigned encoding.
  const isUnsigned = encoding === 'pcm' && bitsPerSample === 8;
  const scale = encoding === 'float' ? 1 : 2 ** ((encoding === 'pcm' ? bitsPerSample : 16) - 1);
  const samples = new Float32Array(interleaved.length / channels);
  for (let frame = 0; frame < samples.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[frame * channels + channel]!;
    const value = sum / channels / scale - (isUnsigned ? 1 : 0);
    samples[frame] = Number.isFinite(Math.fround(value)) ? value : 0;
  }
  return samples;
}

function refused(code: ProblemCode, values: Problem['values']): WavReading {
  return { status: 'refused', code, values };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function ascii(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function writeAscii(bytes: Uint8Array, offset: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
}

function printable(id: string): string {
  return id.replace(/[^ -~]/g, '?');
}
