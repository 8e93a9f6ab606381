import { uploadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { prepareReferences, type ReferenceRecord, type ScoredFile, scoreFile } from '#scoring/corpus.ts';
import { type Aligned, alignTexts, type LabRules, normaliserOf } from './align.ts';

/** One utterance of the open dev split. */
export type LabUtterance = ReferenceRecord & {
  readonly seconds: number | null;
  readonly speaker: string | null;
  readonly slices: Readonly<Record<string, string>>;
};

/** A file as it was sent, with the format it was read in then. */
export type LabFile = { readonly bytes: Uint8Array; readonly format: Format | undefined };

export type Counted = Extract<ScoredFile, { ok: true }>;

/** A file against the split: its counts, and every utterance's alignment. */
export type LabCorpus = { readonly scored: Counted; readonly aligned: readonly Aligned[] };

/** Throws where the file cannot be read, which it could when it came. */
export async function countFile(
  utterances: readonly LabUtterance[],
  { bytes, format }: LabFile,
  rules: LabRules,
): Promise<LabCorpus> {
  const normaliser = normaliserOf(rules);
  const unpacked = await unpack(bytes);
  if (!unpacked.ok) throw new Error(`a stored file does not unpack: ${unpacked.problem.code}`);
  const references = prepareReferences(utterances, normaliser);
  const scored = scoreFile(references, unpacked.bytes, { characters: 'with-spaces', format, limits: uploadLimits });
  references.release();
  if (!scored.ok) throw new Error(`a stored file has ${scored.total} problems`);
  const aligned = utterances.map((utterance, i) => alignTexts(utterance, scored.hypothesisOf(i), normaliser));
  return { scored, aligned };
}
