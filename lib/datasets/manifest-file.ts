import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clipsFolder } from '#lib/datasets/common-voice.ts';
import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import type { Beside } from '#lib/datasets/kaldi.ts';
import type { ManifestFile } from '#lib/datasets/locate.ts';
import { type ManifestFormat, readManifest } from '#lib/datasets/manifest.ts';
import { isInside } from '#lib/import-path.ts';
import type { Report } from '#lib/predictions/report.ts';

type Options = ManifestOptions & {
  format?: ManifestFormat | undefined;
  /** Files beside the manifest are read from under this folder alone. */
  within?: string | undefined;
};

/** `folder` is what the recordings' paths are relative to. */
export type ManifestRead = { text: string; utterances: Utterance[]; folder: string };

/** Reads a manifest and what belongs to it from disk; what is wrong goes to `report`. */
export async function readManifestFile(file: ManifestFile, options: Options, report: Report): Promise<ManifestRead> {
  const manifestOptions = { ...options, split: options.split ?? file.split };
  const bytes = await readFile(file.path);
  const beside = readerBeside(file.folder, options.within);
  const read = await readManifest(bytes, options.format ?? file.format, manifestOptions, report, beside);
  const clips = join(file.folder, clipsFolder);
  const folder = read.format === 'common-voice' && existsSync(clips) ? clips : file.folder;
  return { text: read.text, utterances: read.utterances, folder };
}

function readerBeside(folder: string, within: string | undefined): Beside {
  return (name) => {
    const path = join(folder, name);
    if (!existsSync(path)) return null;
    if (within !== undefined && !isInside(realpathSync(within), realpathSync(path))) return null;
    return readFileSync(path, 'utf8');
  };
}
