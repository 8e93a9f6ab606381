import { readMapping } from '#lib/mapping.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { parseExpected } from '#lib/predictions/references.ts';
import type { Warning } from '#lib/predictions/report.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { parsePredictions } from '#lib/predictions.ts';
import type { Problem, ProblemCode } from '#lib/problems.ts';
import { type OpenScore, scoreOpenly } from '#scoring/lab/open-score.ts';
import { bracketsRemovedBy, createNormaliser, isProfileName, type Normaliser } from '#scoring/wer/normalise.ts';

/** What texts are read by; `mapping` is CSV, null where there is none. */
export type CheckRules = { profile: string; mapping: Uint8Array | null };

/** What goes to the worker. `manifest` is the split's list of recordings, CSV; null where it could not be had. */
export type CheckRequest = {
  file: Uint8Array;
  manifest: Uint8Array | null;
  format: Format | undefined;
  /** Null where they could not be had: nothing is scored then. */
  rules: CheckRules | null;
  /** Whether the manifest holds references, as that of dev does. */
  isOpen: boolean;
};

export type FileCheck =
  | {
      status: 'sound';
      format: Format;
      utterances: number;
      warnings: readonly Warning[];
      /** Null where references are hidden. */
      score: OpenScore | null;
    }
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
export async function checkFile({ file, manifest, format, rules, isOpen }: CheckRequest): Promise<FileCheck> {
  const unpacked = await unpack(file);
  if (!unpacked.ok) return { status: 'broken', format: null, problems: [unpacked.problem], total: 1, warnings: [] };
  const listed = manifest === null ? null : parseExpected(manifest, { format: 'csv', limits: uploadLimits });
  if (manifest === null || !listed?.ok) return { status: 'unchecked' };
  const parsed = parsePredictions(unpacked.bytes, { expected: listed.expected, format });
  if (!parsed.ok) {
    const { problems, total, warnings } = parsed;
    return { status: 'broken', format: parsed.format, problems, total, warnings };
  }
  const { hypotheses } = parsed;
  const normaliser = rules && normaliserOf(rules);
  const warnings = [...parsed.warnings, ...(normaliser ? bracketWarning(hypotheses, normaliser) : [])];
  const score = isOpen && normaliser ? scoreOpenly(manifest, { bytes: unpacked.bytes, format }, normaliser) : null;
  return { status: 'sound', format: parsed.format, utterances: hypotheses.size, warnings, score };
}

function normaliserOf({ profile, mapping }: CheckRules): Normaliser | null {
  if (!isProfileName(profile)) return null;
  const read = mapping && readMapping(mapping);
  if (read && !read.ok) return null;
  return createNormaliser(profile, read?.mapping);
}

/** What goes unscored is told wherever the score is. */
function bracketWarning(hypotheses: ReadonlyMap<string, string>, { profile }: Normaliser): Warning[] {
  let count = 0;
  for (const text of hypotheses.values()) if (bracketsRemovedBy(profile, text)) count += 1;
  if (count === 0) return [];
  return [{ line: 0, column: 0, code: 'warning-brackets-removed', values: { count }, places: [] }];
}
