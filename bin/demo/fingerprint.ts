import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readModel } from '#scoring/baseline/model-folder.ts';

/** SHA-256 of all of a model that its answers depend on, and of nothing that is only said about it. */
export async function fingerprintModel(folder: string): Promise<string> {
  const { symbols, shape, decoding } = await readModel(folder);
  const hash = createHash('sha256').update(JSON.stringify([symbols, shape, decoding?.options ?? null]));
  const parts = ['weights.bin', ...(decoding === null ? [] : ['language-model.bin', 'words.txt'])];
  for (const part of parts) hash.update(await readFile(join(folder, part)));
  return hash.digest('hex');
}
