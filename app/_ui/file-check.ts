import { uploadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { parseExpected } from '#lib/predictions/references.ts';
import type { Warning } from '#lib/predictions/report.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { parsePredictions } from '#lib/predictions.ts';
import type { Problem, ProblemCode } from '#lib/problems.ts';

/** What goes to the worker. `manifest` is the split's list of recordings, CSV; null where it could not be had. */
export type CheckRequest = { file: Uint8Array; manifest: Uint8Array | null; format: Format | undefined };

export type FileCheck =
  | { status: 'sound'; format: Format; utterances: number; warnings: readonly Warning[] }
  | {
      status: 'broken';
      format: Format | null;
      problems: readonly Problem<ProblemCode>[];
      total: number;
      warnings: readonly Warning[];
    }
  /** Without the manifest nothing can be said here; the server will. */
  | { status: 'unchecked' };

/** The server's own rules, applied before anything is sent. */
export async function checkFile({ file, manifest, format }: CheckRequest): Promise<FileCheck> {
  const unpacked = await unpack(file);
  if (!unpacked.ok) return { status: 'broken', format: null, problems: [unpacked.problem], total: 1, warnings: [] };
  const listed = manifest === null ? null : parseExpected(manifest, { format: 'csv', limits: uploadLimits });
  if (!listed?.ok) return { status: 'unchecked' };
  const parsed = parsePredictions(unpacked.bytes, { expected: listed.expected, format });
  if (!parsed.ok) {
    const { problems, total, warnings } = parsed;
    return { status: 'broken', format: parsed.format, problems, total, warnings };
  }
  return { status: 'sound', format: parsed.format, utterances: parsed.hypotheses.size, warnings: parsed.warnings };
}
