import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { docsFolder } from './library.ts';

/** A picture as a page shows it: `dark` is there where the repository has one. Width and height in CSS pixels. */
export type Picture = { light: string; dark: string | null; width: number; height: number };

const kept = new Map<string, Buffer | null>();

/** Of a page's `../../images/NAME.webp`; null where there is no such file. */
export function pictureOf(src: string): Picture | null {
  const file = basename(src);
  const bytes = readPicture(file);
  if (bytes === null) return null;
  const dark = file.replace(/\.webp$/, '.dark.webp');
  return { light: addressOf(file), dark: readPicture(dark) === null ? null : addressOf(dark), ...sizeOf(bytes) };
}

/** The bytes of `docs/images/FILE`, read once; null where there is none, or where the name is not one of ours. */
export function readPicture(file: string): Buffer | null {
  if (!/^[a-z0-9][a-z0-9.-]*\.webp$/.test(file)) return null;
  const known = kept.get(file);
  if (known !== undefined) return known;
  const path = join(/* turbopackIgnore: true */ docsFolder, 'images', file);
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  kept.set(file, bytes);
  return bytes;
}

/** Of a WebP file in any of its three forms (RFC 9649); pictures are taken at one device pixel per CSS pixel or two. */
function sizeOf(webp: Buffer): { width: number; height: number } {
  const form = webp.toString('latin1', 12, 16);
  if (form === 'VP8 ') return { width: webp.readUInt16LE(26) & 0x3fff, height: webp.readUInt16LE(28) & 0x3fff };
  if (form === 'VP8X') return { width: webp.readUIntLE(24, 3) + 1, height: webp.readUIntLE(27, 3) + 1 };
  if (form !== 'VP8L') throw new Error('not a WebP file');
  const bits = webp.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function addressOf(file: string): string {
  return `/docs/images/${file}`;
}
