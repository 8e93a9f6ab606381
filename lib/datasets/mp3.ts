import type { ByteSource } from '#lib/datasets/byte-source.ts';

/** Kilobits a second by the index in a frame's header (ISO/IEC 11172-3 §2.4.2.3, 13818-3 §2.4.2.3); 0 where we cannot tell a length. */
const bitRates = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
};
const sampleRates = [44_100, 48_000, 32_000];
const pieceBytes = 65_536;

type Frame = { bytes: number; samples: number; sampleRateHz: number };

/**
 * How long an MP3 plays, in seconds: its frames counted one by one, since bit rates vary and headers of whole files may lie. The
 * frame that encoders put first to describe the rest is not counted. Null where there is no frame of layer III.
 */
export function mp3Seconds(source: ByteSource): number | null {
  let seconds = 0;
  let piece: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array() };
  const peek = (at: number, length: number): Uint8Array => {
    const isInside = at >= piece.start && at + length <= piece.start + piece.bytes.length;
    if (!isInside) piece = { start: at, bytes: source.read(at, pieceBytes) };
    return piece.bytes.subarray(at - piece.start, at - piece.start + length);
  };
  const first = skipTag(peek(0, 10));
  for (let at = first; at + 4 <= source.size; ) {
    const frame = frameOf(peek(at, 4));
    // Junk between frames and tags behind them are stepped over byte by byte.
    if (frame === null) at += 1;
    else {
      if (at > first || !isDescription(peek(at, 64))) seconds += frame.samples / frame.sampleRateHz;
      at += frame.bytes;
    }
  }
  return seconds > 0 ? seconds : null;
}

/** Where an ID3v2 tag ends: its size has seven bits a byte (id3.org, ID3v2.4 §3.1). */
function skipTag(head: Uint8Array): number {
  if (head.length < 10 || String.fromCharCode(...head.subarray(0, 3)) !== 'ID3') return 0;
  const size = head.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const hasFooter = (head[5]! & 0x10) !== 0;
  return 10 + size + (hasFooter ? 10 : 0);
}

function frameOf(header: Uint8Array): Frame | null {
  const [first = 0, second = 0, third = 0] = header;
  const isSynchronised = first === 0xff && (second & 0xe0) === 0xe0;
  const version = (second >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const isLayerThree = ((second >> 1) & 3) === 1;
  const rate = sampleRates[(third >> 2) & 3];
  if (!isSynchronised || !isLayerThree || version === 1 || rate === undefined) return null;
  const kilobits = bitRates[version === 3 ? 1 : 2][third >> 4]!;
  if (kilobits === 0) return null;
  const sampleRateHz = rate / { 3: 1, 2: 2, 0: 4 }[version as 0 | 2 | 3];
  const samples = version === 3 ? 1152 : 576;
  const padding = (third >> 1) & 1;
  return { bytes: Math.floor((samples * kilobits * 125) / sampleRateHz) + padding, samples, sampleRateHz };
}

/** "Xing", "Info" or "VBRI" where a frame of sound has its side information. */
function isDescription(frame: Uint8Array): boolean {
  return /Xing|Info|VBRI/.test(String.fromCharCode(...frame));
}
