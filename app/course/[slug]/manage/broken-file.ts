import type { Encoding } from '#lib/course/table-file.ts';
import { RefusedError } from '#lib/errors.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { ProblemReport } from '#lib/predictions/report.ts';
import { sentenceOf } from '#lib/problems.ts';
import type { ShownProblem } from '#ui/problems.tsx';

/** A table that was refused with all its problems. */
export type BrokenFile = { status: 'broken'; encoding: Encoding; problems: readonly ShownProblem[]; count: number };

export function brokenFile(
  { encoding, problems, total }: ProblemReport & { encoding: Encoding },
  t: Translate,
): BrokenFile {
  const shown = problems.map((problem) => ({ ...problem, sentence: sentenceOf(problem, t) }));
  return { status: 'broken', encoding, problems: shown, count: total };
}

/** The bytes of a form's file; refuses 'file-missing'. */
export async function fileOf(file: File): Promise<Uint8Array> {
  if (file.size === 0) throw new RefusedError('file-missing', 422);
  return new Uint8Array(await file.arrayBuffer());
}
