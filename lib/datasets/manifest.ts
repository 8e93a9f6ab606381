import { readAsterisk } from '#lib/datasets/asterisk.ts';
import { readCommonVoice } from '#lib/datasets/common-voice.ts';
import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { type Beside, readKaldiDirectory } from '#lib/datasets/kaldi.ts';
import { readLibriSpeech } from '#lib/datasets/librispeech.ts';
import { readNemo } from '#lib/datasets/nemo.ts';
import { readRostrumCsv } from '#lib/datasets/rostrum-csv.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import type { Report } from '#lib/predictions/report.ts';
import { decodeText } from '#lib/predictions/text.ts';
import { unpack } from '#lib/predictions/unpack.ts';

export const manifestFormats = ['csv', 'nemo', 'common-voice', 'librispeech', 'kaldi', 'asterisk'] as const;
export type ManifestFormat = (typeof manifestFormats)[number];

type Reader = (text: string, options: ManifestOptions, report: Report, beside: Beside) => Utterance[];

const readers: Record<ManifestFormat, Reader> = {
  csv: readRostrumCsv,
  nemo: readNemo,
  'common-voice': readCommonVoice,
  librispeech: readLibriSpeech,
  kaldi: readKaldiDirectory,
  asterisk: readAsterisk,
};

/** A manifest of a million lines takes half of this, and a string cannot be much longer. */
const limits = { ...localLimits, fileBytes: 2 ** 28 };

/**
 * A manifest's utterances and its text, to which their places refer; everything wrong with it goes to `report`. Plain or gzip.
 * Without a `format`, the one it looks like. `beside` reads the files that belong to it.
 */
export async function readManifest(
  bytes: Uint8Array,
  format: ManifestFormat | undefined,
  options: ManifestOptions,
  report: Report,
  beside: Beside = () => null,
): Promise<{ text: string; format: ManifestFormat | null; utterances: Utterance[] }> {
  const unpacked = await unpack(bytes, limits);
  if (!unpacked.ok) report.add(unpacked.problem.code, 'file', unpacked.problem.values);
  const text = unpacked.ok ? decodeText(unpacked.bytes, limits, report) : null;
  if (text === null) return { text: '', format: null, utterances: [] };
  const found = format ?? detectManifestFormat(text);
  return { text, format: found, utterances: readers[found](text, options, report, beside) };
}

/**
 * JSON objects are NeMo's; a first line of names with `path` and `sentence` is Common Voice's, one with `audio` our own; `name: text`
 * are prompts. LibriSpeech and Kaldi are told by the names of their files.
 */
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
  if (names.includes('path') && names.includes('sentence')) return 'common-voice';
  if (names.includes('audio') || names.includes('text')) return 'csv';
  return /^[^:\s]+:/.test(first) ? 'asterisk' : 'csv';
}
