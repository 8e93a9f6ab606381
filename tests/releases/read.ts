import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kept, readKept } from './kept.ts';

const folder = join(import.meta.dirname, '../fixtures/releases');

/** Every release's database, by the name it was kept under. Before 0.2.0 these are of commits whose migrations still are what they were. */
export function readReleases(): [name: string, kept: Kept][] {
  return readdirSync(folder)
    .sort()
    .map((file) => [file.replace('.sql', ''), readKept(readFileSync(join(folder, file), 'utf8'))]);
}
