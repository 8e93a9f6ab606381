import type { Connection } from '#lib/db/client.ts';
import { type AuditedFile, getAuditedFile } from '#lib/db/label-audit-jobs.ts';
import type { TestUtterance } from '#lib/db/labels.ts';
import { isFormat } from '#lib/predictions/records.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { listHypotheses } from '#lib/predictions.ts';
import type { Outputs } from '#scoring/labels/systems.ts';
import type { Normaliser } from '#scoring/wer/normalise.ts';

/**
 * What a file says of every utterance that counts, in the order of the split. Null where it no longer fits the split: recordings were
 * imported anew since it came.
 */
export async function readOutputs(
  db: Connection,
  file: AuditedFile,
  all: readonly TestUtterance[],
  normaliser: Normaliser,
): Promise<Outputs | null> {
  const unpacked = await unpack(await getAuditedFile(db, file));
  if (!unpacked.ok) return null;
  const expected = all.map(({ id, seconds }) => ({ id, seconds }));
  const format = file.format !== null && isFormat(file.format) ? file.format : undefined;
  const listed = listHypotheses(unpacked.bytes, { expected, format });
  if (!listed.ok) return null;
  return listed.hypotheses.flatMap((text, i) => (all[i]!.fold === null ? [] : [normaliser.words(text)]));
}
