import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

/**
 * A word to stand in hidden references and nowhere else: whatever holds it has leaked them. A Cyrillic letter, so that it is
 * normalised like any other word, and sixteen hexadecimal digits, which no encoding of text changes.
 */
export function aCanary(): string {
  return `ъ${randomBytes(8).toString('hex')}`;
}

/** Whether the bytes hold the canary in any case: plain, in hexadecimal, in base64 of any alignment, or any of these in gzip. */
export function holdsCanary(canary: string, bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('latin1');
  const digits = canary.slice(1);
  const folded = text.toLowerCase();
  if (folded.includes(digits) || folded.includes(Buffer.from(digits).toString('hex'))) return true;
  if (inBase64(digits).some((form) => text.includes(form))) return true;
  return packedParts(buffer, folded).some((part) => holdsCanary(canary, part));
}

/** As it stands in base64 (of URLs, too: its digits make none of the letters that differ) after 0, 1 or 2 bytes of something else. */
function inBase64(digits: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(digits)]).toString('base64');
    // Letters that the neighbours of the word have a part in are left out.
    return encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + digits.length) * 8) / 6));
  });
}

/** What is packed: the bytes themselves, or columns that a database prints in hexadecimal. */
function packedParts(buffer: Buffer, folded: string): Buffer[] {
  const columns = [...folded.matchAll(/\\x(1f8b(?:[0-9a-f]{2})+)/g)].map((match) => Buffer.from(match[1]!, 'hex'));
  const packed = buffer[0] === 0x1f && buffer[1] === 0x8b ? [buffer, ...columns] : columns;
  return packed.flatMap((part) => {
    try {
      return [gunzipSync(part)];
    } catch {
      return [];
    }
  });
}
