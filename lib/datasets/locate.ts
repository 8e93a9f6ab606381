import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type Split, splits } from '#lib/competition.ts';
import { kaldiFiles } from '#lib/datasets/kaldi.ts';
import { transcriptSuffix } from '#lib/datasets/librispeech.ts';
import type { ManifestFormat } from '#lib/datasets/manifest.ts';

/**
 * A manifest on disk. Its recordings' paths are relative to its own folder unless another is given. `format` is known where the
 * file's name tells it, else its content does.
 */
export type ManifestFile = {
  path: string;
  split: Split | undefined;
  folder: string;
  format: ManifestFormat | undefined;
};

const extensions = ['csv', 'tsv', 'jsonl', 'json', 'csv.gz', 'tsv.gz', 'jsonl.gz'];

/**
 * The manifests that `path` stands for: the file itself; in a folder `manifest.csv` (or `.jsonl` …), else one per split, named
 * `train.csv` or `train/manifest.csv` as in Rostrum's archives; else a Kaldi directory, or one per split; else every transcript of
 * LibriSpeech below it, whose splits are told by folders such as `dev-clean`. Empty where there is none.
 */
export function locateManifests(path: string): ManifestFile[] {
  if (statSync(path).isFile()) return [{ path, split: undefined, folder: dirname(path), format: formatOf(path) }];
  const whole = findManifest(path, 'manifest') ?? findKaldi(path);
  if (whole !== null) return [{ path: whole, split: undefined, folder: path, format: formatOf(whole) }];
  const ofSplits = splits.flatMap((split) => {
    const inside = join(path, split);
    const found = findManifest(path, split) ?? findManifest(inside, 'manifest') ?? findKaldi(inside);
    return found === null ? [] : [{ path: found, split, folder: dirname(found), format: formatOf(found) }];
  });
  return ofSplits.length > 0 ? ofSplits : findTranscripts(path);
}

function formatOf(path: string): ManifestFormat | undefined {
  if (path.endsWith(transcriptSuffix)) return 'librispeech';
  const isKaldi = basename(path) === kaldiFiles.text && existsSync(join(dirname(path), kaldiFiles.recordings));
  return isKaldi ? 'kaldi' : undefined;
}

function findManifest(folder: string, stem: string): string | null {
  const names = new Set(listFiles(folder));
  const name = extensions.map((extension) => `${stem}.${extension}`).find((candidate) => names.has(candidate));
  return name === undefined ? null : join(folder, name);
}

function findKaldi(folder: string): string | null {
  const path = join(folder, kaldiFiles.text);
  return formatOf(path) === 'kaldi' && existsSync(path) ? path : null;
}

function findTranscripts(root: string): ManifestFile[] {
  const found = readdirSync(root, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && entry.name.endsWith(transcriptSuffix))
    .map(({ parentPath: folder, name }) => ({
      path: join(folder, name),
      split: splitOf(relative(dirname(root), folder)),
      folder,
      format: 'librispeech' as const,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `dev` of `LibriSpeech/dev-clean/84/121123`. */
function splitOf(path: string): Split | undefined {
  const folders = path.split(sep);
  return splits.find((split) => folders.some((folder) => new RegExp(`^${split}(?:[-_.].*)?$`, 'i').test(folder)));
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
