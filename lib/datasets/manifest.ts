import { gunzipSync } from 'node:zlib';
import { readAsterisk } from '#lib/datasets/asterisk.ts';
import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { readNemo } from '#lib/datasets/nemo.ts';
import { readRostrumCsv } from '#lib/datasets/rostrum-csv.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import type { Report } from '#lib/predictions/report.ts';
import { decodeText, inMebibytes } from '#lib/predictions/text.ts';

export const manifestFormats = ['csv', 'nemo', 'asterisk'] as const;
export type ManifestFormat = (typeof manifestFormats)[number];

const readers = { csv: readRostrumCsv, nemo: readNemo, asterisk: readAsterisk };

/** A manifest of a million lines takes a third of this. */
const maxManifestBytes = 512 * 2 ** 20;

export function isManifestFormat(name: string): name is ManifestFormat {
  return (manifestFormats as readonly string[]).includes(name);
}

/**
 * A manifest's utterances and its text, to which their places refer; everything wrong with it goes to `report`. Plain or gzip.
 * Without a `format`, the one it looks like.
 */
export function readManifest(
  bytes: Uint8Array,
  format: ManifestFormat | undefined,
  options: ManifestOptions,
  report: Report,
): { text: string; utterances: Utterance[] } {
  const unpacked = unpack(bytes, report);
  const text = unpacked && decodeText(unpacked, localLimits, report);
  if (text === null) return { text: '', utterances: [] };
  const utterances = readers[format ?? detectManifestFormat(text)](text, options, report);
  return { text, utterances };
}

/** JSON objects are NeMo's; a first line of delimited names, `audio` among them, is our own; `name: text` are prompts. */
export function detectManifestFormat(text: string): ManifestFormat {
  const lines = text.slice(0, 65_536).split('\n');
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith(';')) ?? '';
  if (/^\s*[{[]/.test(first)) return 'nemo';
  const names = first.split(/[,;\t]/).map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  );
  if (names.includes('audio') || names.includes('text')) return 'csv';
  return /^[^:\s]+:/.test(first) ? 'asterisk' : 'csv';
}

function unpack(bytes: Uint8Array, report: Report): Uint8Array | null {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const limit = inMebibytes(maxManifestBytes);
  if (!isPacked && bytes.length > maxManifestBytes) {
    report.add('file-too-large', 'file', { size: inMebibytes(bytes.length), limit });
    return null;
  }
  if (!isPacked) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxManifestBytes });
  } catch (error) {
    if (error instanceof RangeError) report.add('gzip-too-large', 'file', { limit });
    else report.add('gzip-damaged', 'file');
    return null;
  }
}
