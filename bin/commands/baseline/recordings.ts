import { readdirSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { shown } from '#lib/predictions/report.ts';
import type { Problem, ProblemCode } from '#lib/problems.ts';
import { findSound, type SoundFile } from '#scoring/baseline/sound.ts';
import { UnreadableFileError, WrongInputError } from '../problems.ts';

const extension = /\.(?:wav|flac|ogg|opus|mp3)$/i;

export type NamedRecording = { readonly id: string; readonly file: SoundFile };

/**
 * The recordings that are named, and those in folders that are, in the order of their names. The id is the name without its
 * extension; below a folder, with the folders in between. Throws an AggregateError with everything that is wrong with any of them.
 */
export function findRecordings(paths: readonly string[]): NamedRecording[] {
  const recordings: NamedRecording[] = [];
  const refusals: Error[] = [];
  const pathOfId = new Map<string, string>();
  for (const { id, path } of paths.flatMap((path) => listFiles(path, refusals))) {
    const found = inspect(path);
    const earlier = pathOfId.get(id);
    if (found instanceof Error) refusals.push(found);
    else if (earlier !== undefined) refusals.push(wrong(path, 'recording-id-twice', { id: shown(id), path: earlier }));
    else recordings.push({ id, file: found });
    pathOfId.set(id, earlier ?? path);
  }
  if (refusals.length > 0) throw new AggregateError(refusals);
  return recordings;
}

function listFiles(path: string, refusals: Error[]): { id: string; path: string }[] {
  try {
    if (!statSync(path).isDirectory()) return [{ id: withoutExtension(basename(path)), path }];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => extension.test(name) && statSync(join(path, name)).isFile())
      .sort();
    if (names.length === 0) refusals.push(wrong(path, 'recordings-none', {}));
    return names.map((name) => ({ id: withoutExtension(name.split(sep).join('/')), path: join(path, name) }));
  } catch (error) {
    refusals.push(new UnreadableFileError(path, error));
    return [];
  }
}

function inspect(path: string): SoundFile | Error {
  try {
    const found = findSound(path);
    return 'code' in found ? wrong(path, found.code, { path: shown(path), ...found.values }) : found;
  } catch (error) {
    return new UnreadableFileError(path, error);
  }
}

function withoutExtension(name: string): string {
  return name.replace(extension, '');
}

function wrong(path: string, code: ProblemCode, values: Problem['values']): WrongInputError {
  return new WrongInputError(path, [{ line: 0, column: 0, code, values }]);
}
