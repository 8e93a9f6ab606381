import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Split, splits } from '#lib/competition.ts';

/** A manifest on disk. Its recordings' paths are relative to its own folder unless another is given. */
export type ManifestFile = { path: string; split: Split | undefined; folder: string };

const extensions = ['csv', 'tsv', 'jsonl', 'json', 'csv.gz', 'tsv.gz', 'jsonl.gz'];

/**
 * The manifests that `path` stands for: the file itself; in a folder `manifest.csv` (or `.jsonl` …), else one per split, named
 * `train.csv` or `train/manifest.csv` as in Rostrum's archives. Empty where there is none.
 */
export function locateManifests(path: string): ManifestFile[] {
  if (statSync(path).isFile()) return [{ path, split: undefined, folder: dirname(path) }];
  const whole = findManifest(path, 'manifest');
  if (whole !== null) return [{ path: whole, split: undefined, folder: path }];
  return splits.flatMap((split) => {
    const found = findManifest(path, split) ?? findManifest(join(path, split), 'manifest');
    return found === null ? [] : [{ path: found, split, folder: dirname(found) }];
  });
}

function findManifest(folder: string, stem: string): string | null {
  const names = new Set(listFiles(folder));
  const name = extensions.map((extension) => `${stem}.${extension}`).find((candidate) => names.has(candidate));
  return name === undefined ? null : join(folder, name);
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
