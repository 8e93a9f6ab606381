import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Competition } from '#lib/competition.ts';
import type { BaselineFile } from '#lib/db/baseline.ts';
import type { Connection } from '#lib/db/client.ts';
import { expectedUtterances } from '#lib/expected-utterances.ts';
import { checkUpload } from '#lib/upload-check.ts';
import { readBytes, WrongInputError } from './problems.ts';

export type BaselineOptions = {
  baseline?: string;
  baselineName: string;
  baselineNote: string;
  baselineCode?: string;
};

/** The file that `--baseline` names, checked like every upload; null where there is none. Throws what the caller is to be told. */
export async function readBaseline(
  db: Connection,
  competition: Competition,
  options: BaselineOptions,
): Promise<BaselineFile | null> {
  const { baseline: path } = options;
  if (path === undefined) return null;
  const bytes = Buffer.from(await readBytes(path));
  const expected = await expectedUtterances(db, competition, 'test');
  const { rejection, ...parsed } = await checkUpload(expected, bytes, { encoded: false, format: undefined });
  if (rejection !== null) throw new WrongInputError(path, rejection.problems, rejection.count);
  return {
    split: 'test',
    name: options.baselineName,
    bytes,
    sha256: createHash('sha256').update(bytes).digest(),
    fileName: basename(path),
    note: options.baselineNote,
    codeLink: options.baselineCode ?? null,
    parsed,
  };
}
