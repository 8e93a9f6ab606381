import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DataListing } from '#lib/api/answers.ts';
import { readDiskSpace } from '#lib/disk-space.ts';
import { safeEntryName } from '#lib/zip-names.ts';
import { unpackSplit } from './archive.ts';
import { type Announced, downloadInRanges, inParallel, type OnBytes, sha256Of } from './ranges.ts';
import { DamagedDownloadError, NoRoomError } from './refusals.ts';
import { type Server, textOf } from './server.ts';

export type Split = DataListing['files'][number]['split'];
export type Recording = DataListing['files'][number];
export type Stage = 'check' | 'fetch' | 'unpack';

export type DownloadChoice = {
  /** Where folders of splits stand. */
  folder: string;
  connections: number;
  /** auto: the archive where most is missing. archive: it alone, left packed. files: one by one. */
  as: 'auto' | 'archive' | 'files';
  /** In bytes, of recordings in the check, of what is sent in the fetch. */
  onProgress(stage: Stage, done: number, total: number): void;
};

export type Downloaded = { split: Split; path: string; files: number; fetched: number; bytes: number };

/**
 * Brings a split to `folder/split`, as the archive has it: manifest.csv and the recordings, each with the SHA-256 that the server
 * announced. What is there and right stays; what is missing, cut off or damaged is fetched.
 */
export async function downloadSplit(
  server: Server,
  slug: string,
  split: Split,
  choice: DownloadChoice,
): Promise<Downloaded> {
  const data = `/competitions/${encodeURIComponent(slug)}/data`;
  const listing = await server.json<DataListing>(`${data}?split=${split}`);
  const archive = listing.archives.find((one) => one.split === split);
  if (choice.as === 'archive' && archive !== undefined) return downloadArchive(server, split, archive, choice);

  const { folder, onProgress } = choice;
  const path = join(folder, split);
  listing.files.forEach(requireInside);
  const missing = await missingOf(listing.files, choice);
  const wanted = sumOf(missing);
  const fetches = { split, path, files: listing.files.length, fetched: missing.length, bytes: wanted };
  if (missing.length > 0) {
    const byArchive = archive !== undefined && choice.as === 'auto' && wanted > sumOf(listing.files) / 2;
    if (byArchive) {
      const zip = join(folder, `.${split}-${archive.sha256.slice(0, 16)}.zip`);
      await requireRoom(folder, archive.bytes + wanted);
      await fetchWhole(server, archive, zip, choice);
      await unpackSplit(zip, folder, missing, (done) => onProgress('unpack', done, missing.length));
      await rm(zip, { force: true });
    } else {
      await requireRoom(folder, wanted);
      await fetchEach(server, missing, choice);
    }
  }
  const manifest = await server.read(`${data}/${split}.csv`, textOf);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'manifest.csv.part'), manifest);
  await rename(join(path, 'manifest.csv.part'), join(path, 'manifest.csv'));
  return fetches;
}

async function downloadArchive(
  server: Server,
  split: Split,
  archive: Announced,
  choice: DownloadChoice,
): Promise<Downloaded> {
  const path = join(choice.folder, `${split}.zip`);
  await mkdir(choice.folder, { recursive: true });
  const isThere = (await sha256Of(path).catch(() => '')) === archive.sha256;
  if (!isThere) {
    await requireRoom(choice.folder, archive.bytes);
    await fetchWhole(server, archive, path, choice);
  }
  return { split, path, files: 1, fetched: isThere ? 0 : 1, bytes: isThere ? 0 : archive.bytes };
}

/** Bytes that were damaged on the way, or on this disk, are fetched once more. */
async function fetchWhole(
  server: Server,
  file: Announced,
  path: string,
  { connections, onProgress }: DownloadChoice,
): Promise<void> {
  const onBytes = () => tally(file.bytes, (done) => onProgress('fetch', done, file.bytes));
  try {
    await downloadInRanges(server, file, path, { connections, onBytes: onBytes() });
  } catch (error) {
    if (!(error instanceof DamagedDownloadError)) throw error;
    await downloadInRanges(server, file, path, { connections, onBytes: onBytes() });
  }
}

async function fetchEach(server: Server, missing: readonly Recording[], choice: DownloadChoice): Promise<void> {
  const total = sumOf(missing);
  const onBytes = tally(total, (done) => choice.onProgress('fetch', done, total));
  const one = { ...choice, connections: 1, onProgress: () => {} };
  await inParallel(choice.connections, missing, async (recording) => {
    const path = join(choice.folder, recording.path);
    await mkdir(dirname(path), { recursive: true });
    await fetchWhole(server, recording, path, one);
    onBytes(recording.bytes);
  });
}

/** A server may lay nothing down outside of the folder that was chosen. */
function requireInside({ path, url }: Recording): void {
  try {
    if (safeEntryName(Buffer.from(path), true, Buffer.alloc(0)) !== null) return;
  } catch {}
  throw new DamagedDownloadError(url);
}

/** What is not there, or not with the bytes that the server announced. */
async function missingOf(files: readonly Recording[], { folder, onProgress }: DownloadChoice): Promise<Recording[]> {
  const total = sumOf(files);
  const onBytes = tally(total, (done) => onProgress('check', done, total));
  const missing: Recording[] = [];
  for (const recording of files) {
    const found = await sha256Of(join(folder, recording.path)).catch(() => '');
    if (found !== recording.sha256) missing.push(recording);
    onBytes(recording.bytes);
  }
  return missing;
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const space = await readDiskSpace(folder);
  if (space !== null && space.freeBytes < bytes) throw new NoRoomError(folder, bytes, space.freeBytes);
}

function tally(total: number, tell: (done: number) => void): OnBytes {
  let done = 0;
  return (bytes) => {
    done = Math.min(total, done + bytes);
    tell(done);
  };
}

function sumOf(files: readonly { bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
