import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFolder } from '#lib/baseline-models.ts';
import type { Download } from '#lib/download.ts';
import { openFile } from '#lib/objects/folder.ts';
import type { ByteRange } from '#lib/objects.ts';

/** The files of a model's folder that can be had, with their kinds; whatever else lies there cannot. */
const mediaTypes = {
  'model.json': 'application/json',
  'weights.bin': 'application/octet-stream',
  'language-model.bin': 'application/octet-stream',
  'words.txt': 'text/plain; charset=utf-8',
  'MODEL_CARD.md': 'text/markdown; charset=utf-8',
  'curves.json': 'application/json',
  'recipe.json': 'application/json',
} as const;

export type ModelFile = keyof typeof mediaTypes;

/**
 * Where a file of a model is fetched: `GET /models/[name]/[file]`, for everybody. With the SHA-256 of its content, in hexadecimal, the
 * address is of these bytes alone, and browsers keep them for good; without it they ask each time whether there are newer ones.
 */
export function modelFileAddress(model: string, file: ModelFile, sha256: string | null = null): string {
  const address = `/models/${encodeURIComponent(model)}/${file}`;
  return sha256 === null ? address : `${address}?sha256=${sha256}`;
}

/** Null where there is no such model or file. Throws where `model` can be no name of one. */
export async function findModelFile(home: string, model: string, file: string): Promise<Download | null> {
  if (!isModelFile(file)) return null;
  const path = join(/* turbopackIgnore: true */ modelFolder(home, model), file);
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  const sha256 = await digestOf(path, `${found.mtimeMs} ${found.size} ${found.ino}`);
  const open = (range?: ByteRange) => openFile(path, found.size, range);
  return { open, bytes: found.size, sha256, mediaType: mediaTypes[file], fileName: `${model}-${file}` };
}

function isModelFile(name: string): name is ModelFile {
  return Object.hasOwn(mediaTypes, name);
}

/** By path, of the file as it was when it was read; a handful of models have a handful of files. */
const digests = new Map<string, { state: string; sha256: Buffer }>();

async function digestOf(path: string, state: string): Promise<Buffer> {
  const known = digests.get(path);
  if (known?.state === state) return known.sha256;
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest();
  digests.set(path, { state, sha256 });
  return sha256;
}
