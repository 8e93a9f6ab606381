import { crc32 } from 'node:zlib';
import { shown } from '#lib/predictions/report.ts';
import type { Problem, ProblemCode } from '#lib/problems.ts';

/** Why an archive is not taken: `problems.${code}` in lib/messages. */
export class ArchiveError extends Error {
  readonly problem: Problem<ProblemCode>;

  constructor(code: ProblemCode, values: Problem['values'] = {}) {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = 'ArchiveError';
    this.problem = { line: 0, column: 0, code, values };
  }
}

const longest = { name: 1_000, part: 255 };
/** What file managers put in by themselves. */
const litter = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/**
 * The name of an archive's file as a relative path with forward slashes, in NFC; null for litter. Refuses names that lead outside of
 * the folder they are unpacked in, on any system, and those that no file could have.
 */
export function safeEntryName(raw: Uint8Array, isUtf8: boolean, extra: Buffer): string | null {
  const name = decodeName(raw, isUtf8, extra).replaceAll('\\', '/').normalize('NFC');
  if (litter.test(name)) return null;
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  const isLeading = /^[A-Za-z]:/.test(name) || parts.some((part) => part === '' || part === '.' || part === '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const isUnfit = /[\x00-\x1f\x7f]/.test(name) || parts.some((part) => Buffer.byteLength(part) > longest.part);
  if (isLeading || isUnfit || name.length > longest.name) {
    throw new ArchiveError('archive-name', { name: shown(name) });
  }
  return name;
}

/**
 * As UTF-8 where the archive says so or the bytes are: some programs do not say so. Else in the code page of Russian DOS, in which
 * Windows writes Cyrillic names.
 */
function decodeName(raw: Uint8Array, isUtf8: boolean, extra: Buffer): string {
  const bytes = isUtf8 ? raw : (unicodeName(raw, extra) ?? raw);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder(isUtf8 ? 'utf-8' : 'ibm866').decode(bytes);
  }
}

/** Info-ZIP's extra field 0x7075: the name in UTF-8, good as long as the checksum is of the plain name (APPNOTE 4.6.9). */
function unicodeName(raw: Uint8Array, extra: Buffer): Uint8Array | null {
  for (let at = 0; at + 9 <= extra.length; ) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    if (id === 0x7075 && length >= 5 && extra.readUInt32LE(at + 5) === crc32(raw)) {
      return extra.subarray(at + 9, at + 4 + length);
    }
    at += 4 + length;
  }
  return null;
}
