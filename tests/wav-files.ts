/** WAV files byte by byte, for tests: sound ones, and whatever else is asked for. */
export type WavShape = {
  format: number;
  bits: number;
  channels: number;
  sampleRateHz: number;
  data: Uint8Array;
  /** Chunks before and after the samples: id and content. */
  before: readonly [string, Uint8Array][];
  after: readonly [string, Uint8Array][];
};

const speechLike: WavShape = {
  format: 1,
  bits: 16,
  channels: 1,
  sampleRateHz: 8000,
  data: new Uint8Array(1600),
  before: [],
  after: [],
};

export function aWav(shape: Partial<WavShape> = {}): Uint8Array {
  const { format, bits, channels, sampleRateHz, data, before, after } = { ...speechLike, ...shape };
  const fmt = new Uint8Array(16);
  const view = new DataView(fmt.buffer);
  view.setUint16(0, format, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRateHz, true);
  view.setUint32(8, (sampleRateHz * channels * bits) / 8, true);
  view.setUint16(12, (channels * bits) / 8, true);
  view.setUint16(14, bits, true);
  return riff([['fmt ', fmt], ...before, ['data', data], ...after]);
}

export function riff(chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const body = Buffer.concat(
    chunks.flatMap(([id, content]) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(content.length);
      return [Buffer.from(id, 'latin1'), size, content, Buffer.alloc(content.length % 2)];
    }),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length + 4);
  return Buffer.concat([Buffer.from('RIFF'), size, Buffer.from('WAVE'), body]);
}

/** 16-bit samples as the bytes of a data chunk. */
export function samples16(samples: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(samples).buffer);
}
