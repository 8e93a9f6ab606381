import { createHash } from 'node:crypto';
import type { ReadFile, Rejection } from '#lib/db/submissions.ts';
import type { Format } from '#lib/predictions/records.ts';
import { isGzip, unpack } from '#lib/predictions/unpack.ts';
import { type ExpectedUtterance, parsePredictions } from '#lib/predictions.ts';
import type { Problem } from '#lib/problems.ts';

/** What the server's own reading of a file came to; `rejection` is null where the file is taken. */
export type CheckedUpload = ReadFile & { rejection: Rejection | null };

/** `encoded`: the sender says that it is gzip, so anything else arrived damaged. */
export type CheckOptions = { encoded: boolean; format: Format | undefined };

/**
 * Unpacks and reads a file against what its split expects. The hypotheses are not kept: the scorer reads the stored bytes itself.
 */
export async function checkUpload(
  expected: readonly ExpectedUtterance[],
  sent: Uint8Array,
  options: CheckOptions,
): Promise<CheckedUpload> {
  if (options.encoded && !isGzip(sent)) {
    return refusedFor({ line: 0, column: 0, code: 'gzip-damaged', values: {} });
  }
  const unpacked = await unpack(sent);
  if (!unpacked.ok) return refusedFor(unpacked.problem);
  const parsed = parsePredictions(unpacked.bytes, { expected, format: options.format });
  const { format, warnings } = parsed;
  const unpackedSha256 = isGzip(sent) ? createHash('sha256').update(unpacked.bytes).digest('hex') : null;
  const rejection = parsed.ok ? null : { problems: parsed.problems, count: parsed.total };
  return { format, warnings, unpackedSha256, rejection };
}

function refusedFor(problem: Problem): CheckedUpload {
  return { format: null, warnings: [], unpackedSha256: null, rejection: { problems: [problem], count: 1 } };
}
