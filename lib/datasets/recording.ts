import type { ByteSource } from '#lib/datasets/byte-source.ts';
import { mp3Seconds } from '#lib/datasets/mp3.ts';
import { inspectWav, type Refusal, type WavHeader } from '#lib/datasets/wav.ts';
import { inMebibytes } from '#lib/predictions/text.ts';

/** A file of one utterance's sound as it was given to us. `durationSeconds` is null where its container does not say cheaply. */
export type Recording = {
  mediaType: 'audio/wav' | 'audio/flac' | 'audio/ogg' | 'audio/mpeg';
  extension: 'wav' | 'flac' | 'ogg' | 'opus' | 'mp3';
  durationSeconds: number | null;
  wav: WavHeader | null;
};

export type RecordingReading = { status: 'read'; recording: Recording } | ({ status: 'refused' } & Refusal);

const maxRecordingBytes = 512 * 1024 * 1024;

/** What a recording is, by its first bytes and never by its name. WAV is checked strictly, other codecs are kept as they are. */
export function inspectRecording(source: ByteSource): RecordingReading {
  if (source.size === 0) return { status: 'refused', code: 'dataset-recording-empty', values: {} };
  if (source.size > maxRecordingBytes) {
    return {
      status: 'refused',
      code: 'dataset-recording-too-large',
      values: { size: inMebibytes(source.size), limit: inMebibytes(maxRecordingBytes) },
    };
  }
  const head = source.read(0, 64);
  const signature = latin1(head, 0, 4);
  if (signature === 'RIFF') {
    const reading = inspectWav(source);
    if (reading.status === 'refused') return reading;
    return compressed('audio/wav', 'wav', reading.header.durationSeconds, reading.header);
  }
  if (signature === 'fLaC') return compressed('audio/flac', 'flac', flacSeconds(head));
  if (signature === 'OggS') return readOgg(source, head);
  const isMpegFrame = head[0] === 0xff && (head[1]! & 0xe0) === 0xe0;
  if (signature.startsWith('ID3') || isMpegFrame) return compressed('audio/mpeg', 'mp3', mp3Seconds(source));
  return { status: 'refused', code: 'dataset-recording-unknown', values: {} };
}

function compressed(
  mediaType: Recording['mediaType'],
  extension: Recording['extension'],
  durationSeconds: number | null,
  wav: WavHeader | null = null,
): RecordingReading {
  return { status: 'read', recording: { mediaType, extension, durationSeconds, wav } };
}

/** STREAMINFO is always first: 20 bits of rate, 8 of layout, 36 of total samples from byte 18 on (RFC 9639 §8.2). */
function flacSeconds(head: Uint8Array): number | null {
  if (head.length < 26 || (head[4]! & 0x7f) !== 0) return null;
  const sampleRateHz = (head[18]! << 12) | (head[19]! << 4) | (head[20]! >> 4);
  const samples =
    (head[21]! & 0x0f) * 2 ** 32 + (head[22]! * 2 ** 24 + ((head[23]! << 16) | (head[24]! << 8) | head[25]!));
  return sampleRateHz > 0 && samples > 0 ? samples / sampleRateHz : null;
}

/** The last page's granule position counts the samples so far (RFC 3533 §6): at 48 kHz for Opus, from the pre-skip on. */
function readOgg(source: ByteSource, head: Uint8Array): RecordingReading {
  const codec = latin1(head, 28, 8);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (codec === 'OpusHead' && head.length >= 40) {
    return compressed('audio/ogg', 'opus', oggSeconds(source, view.getUint16(38, true), 48_000));
  }
  if (codec.startsWith('\x01vorbis') && head.length >= 44) {
    return compressed('audio/ogg', 'ogg', oggSeconds(source, 0, view.getUint32(40, true)));
  }
  return { status: 'refused', code: 'dataset-recording-unknown', values: {} };
}

function oggSeconds(source: ByteSource, skippedSamples: number, sampleRateHz: number): number | null {
  // A page has at most 65,307 bytes, so the last one begins in here.
  const tail = source.read(Math.max(0, source.size - 65_536), 65_536);
  const page = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).lastIndexOf('OggS');
  if (page < 0 || page + 14 > tail.length || sampleRateHz === 0) return null;
  const granule = new DataView(tail.buffer, tail.byteOffset, tail.byteLength).getBigInt64(page + 6, true);
  const seconds = (Number(granule) - skippedSamples) / sampleRateHz;
  return seconds > 0 && seconds < 86_400 ? seconds : null;
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
