import type { ErrorCounts } from '#lib/counts.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { parseReferences } from '#lib/predictions/references.ts';
import { totalOf } from '#scoring/columns.ts';
import { prepareReferences, scoreFile } from '#scoring/corpus.ts';
import { bringModule } from '#scoring/kernel/load-browser.ts';
import type { Normaliser } from '#scoring/wer/normalise.ts';

/** Pooled over the split. */
export type OpenScore = { readonly words: ErrorCounts; readonly characters: ErrorCounts };

/** Fetches the kernel for a browser; without it plain TypeScript gives the same counts, only later. */
export async function bringKernel(address: URL): Promise<void> {
  try {
    const response = await fetch(address);
    if (!response.ok) return;
    const isHere = bringModule('kernel', await response.arrayBuffer());
    if (!isHere) console.info('No WebAssembly here: files are scored by plain TypeScript.');
  } catch {
    // No connection: the counts do not wait for one.
  }
}

/**
 * Scores an unpacked, sound file against the references that stand in its split's manifest (CSV): the counts that the server
 * will give. Null where the manifest has no references. Runs in Node and in browsers.
 */
export function scoreOpenly(
  manifest: Uint8Array,
  file: { bytes: Uint8Array; format: Format | undefined },
  normaliser: Normaliser,
): OpenScore | null {
  const listed = parseReferences(manifest, { format: 'csv', limits: uploadLimits });
  if (!listed.ok) return null;
  const records = [...listed.references].map(([id, references]) => ({ id, references }));
  const references = prepareReferences(records, normaliser);
  const scored = scoreFile(references, file.bytes, {
    characters: 'with-spaces',
    format: file.format,
    limits: uploadLimits,
  });
  if (!scored.ok || scored.characters === null) return null;
  return { words: totalOf(scored.words), characters: totalOf(scored.characters) };
}
