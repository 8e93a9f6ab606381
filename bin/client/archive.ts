import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveError } from '#lib/zip-names.ts';
import { listZip, unpackEntry, withArchive, zipLimits } from '#lib/zip-reader.ts';
import type { Recording } from './download.ts';
import { sha256Of } from './ranges.ts';
import { DamagedDownloadError } from './refusals.ts';

/** What was verified by its SHA-256 may be as large as it is. */
const limits = { ...zipLimits, entries: Number.MAX_SAFE_INTEGER, unpackedBytes: Number.MAX_SAFE_INTEGER };

/**
 * Unpacks the recordings that are wanted, each whole or not at all. Throws DamagedDownloadError where the archive holds another one than
 * the server's list says, or none.
 */
export async function unpackSplit(
  zip: string,
  folder: string,
  wanted: readonly Recording[],
  onDone: (done: number) => void,
): Promise<void> {
  const unpack = async (archive: FileHandle) => {
    const entries = new Map((await listZip(archive, limits)).map((entry) => [entry.name, entry]));
    for (const [i, { path, sha256, url }] of wanted.entries()) {
      const entry = entries.get(path.normalize('NFC'));
      if (entry === undefined) throw new DamagedDownloadError(url);
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      const part = `${target}.part`;
      const handle = await open(part, 'w');
      await unpackEntry(archive, entry, handle).finally(() => handle.close());
      if ((await sha256Of(part)) !== sha256) {
        await rm(part, { force: true });
        throw new DamagedDownloadError(url);
      }
      await rename(part, target);
      onDone(i + 1);
    }
  };
  await withArchive(zip, unpack).catch((error: unknown) => {
    throw error instanceof ArchiveError ? new DamagedDownloadError(zip) : error;
  });
}
