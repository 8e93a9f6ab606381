import { crc32, deflateSync } from 'node:zlib';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const levels = 64;

/**
 * White in 64 levels of opacity, as a PNG with a palette (W3C PNG, 3rd edition): what is to be drawn in any colour takes it for a mask.
 * `shades` row by row from the top, 0 transparent to 1 opaque, cut off beyond.
 */
export function shadesPng(shades: Float32Array, width: number): Uint8Array {
  const height = shades.length / width;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits an index, palette, deflate, filters by row, not interlaced
  const rows = Buffer.alloc(height * (width + 1)); // each begins with its filter: none
  for (const [i, shade] of shades.entries()) {
    const level = Math.round(Math.min(1, Math.max(0, shade)) * (levels - 1));
    rows[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = level;
  }
  const opacities = Buffer.from(Array.from({ length: levels }, (_, level) => Math.round((level * 255) / (levels - 1))));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.alloc(3 * levels, 0xff)),
    chunk('tRNS', opacities),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(content.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}
