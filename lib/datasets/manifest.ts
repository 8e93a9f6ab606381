import { readAsterisk } from '#lib/datasets/asterisk.ts';
import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { readNemo } from '#lib/datasets/nemo.ts';
import { readRostrumCsv } from '#lib/datasets/rostrum-csv.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import type { Report } from '#lib/predictions/report.ts';
import { decodeText } from '#lib/predictions/text.ts';
import { unpack } from '#lib/predictions/unpack.ts';

export const manifestFormats = ['csv', 'nemo', 'asterisk'] as const;
export type ManifestFormat = (typeof manifestFormats)[number];

const readers = { csv: readRostrumCsv, nemo: readNemo, asterisk: readAsterisk };

/** A manifest of a million lines takes half of this, and a string cannot be much longer. */
const limits = { ...localLimits, fileBytes: 2 ** 28 };

export function isManifestFormat(name: string): name is ManifestFormat {
  return (manifestFormats as readonly string[]).includes(name);
}

/**
 * A manifest's utterances and its text, to which their places refer; everything wrong with it goes to `report`. Plain or gzip.
 * Without a `format`, the one it looks like.
 */
export async function readManifest(
  bytes: Uint8Array,
  format: ManifestFormat | undefined,
  options: ManifestOptions,
  report: Report,
): Promise<{ text: string; utterances: Utterance[] }> {
  const unpacked = await unpack(bytes, limits);
  if (!unpacked.ok) report.add(unpacked.problem.code, 'file', unpacked.problem.values);
  const text = unpacked.ok ? decodeText(unpacked.bytes, limits, report) : null;
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
