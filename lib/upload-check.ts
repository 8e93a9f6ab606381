import type { Competition } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import type { Rejection } from '#lib/db/submissions.ts';
import { fingerprintUtterances, listUtteranceIds } from '#lib/db/utterances.ts';
import { RefusedError } from '#lib/errors.ts';
import type { Format } from '#lib/predictions/records.ts';
import { isGzip, unpack } from '#lib/predictions/unpack.ts';
import { type ExpectedUtterance, parsePredictions } from '#lib/predictions.ts';
import type { Problem } from '#lib/problems.ts';

/** What the server's own reading of a file came to; `rejection` is null where the file is taken. */
export type CheckedUpload = {
  format: string | null;
  warnings: readonly Problem[];
  rejection: Rejection | null;
};

/**
 * Unpacks and reads a file against what its split expects. `encoded`: the sender says that it is gzip, so anything else arrived
 * damaged. The hypotheses are not kept: the scorer reads the stored bytes itself.
 */
export async function checkUpload(
  expected: readonly ExpectedUtterance[],
  sent: Uint8Array,
  options: { encoded: boolean; format: Format | undefined },
): Promise<CheckedUpload> {
  if (options.encoded && !isGzip(sent)) {
    return refusedFor({ line: 0, column: 0, code: 'gzip-damaged', values: {} });
  }
  const unpacked = await unpack(sent);
  if (!unpacked.ok) return refusedFor(unpacked.problem);
  const parsed = parsePredictions(unpacked.bytes, { expected, format: options.format });
  const { format, warnings } = parsed;
  return { format, warnings, rejection: parsed.ok ? null : { problems: parsed.problems, count: parsed.total } };
}

/** What a file for the split has to name; refuses where there are no recordings yet. Kept in memory until they change. */
export async function expectedUtterances(
  db: Connection,
  competition: Competition,
  split: 'dev' | 'test',
): Promise<readonly ExpectedUtterance[]> {
  const key = `${competition.id} ${split}`;
  const fingerprint = await fingerprintUtterances(db, competition.id, split);
  const kept = known.get(key);
  if (kept?.fingerprint === fingerprint) return kept.expected;
  const expected = await listUtteranceIds(db, competition.id, split);
  if (expected.length === 0) throw new RefusedError('split-empty', 409, { split });
  known.delete(key);
  known.set(key, { fingerprint, expected });
  if (known.size > mostKept) known.delete(known.keys().next().value!);
  return expected;
}

/** A list of ten thousand takes about a megabyte. */
const mostKept = 8;
const known = new Map<string, { fingerprint: string; expected: readonly ExpectedUtterance[] }>();

function refusedFor(problem: Problem): CheckedUpload {
  return { format: null, warnings: [], rejection: { problems: [problem], count: 1 } };
}
