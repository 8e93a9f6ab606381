import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RefusedError } from '#lib/errors.ts';
import { fetchParts, listPartUploads, putPart, removeParts } from '#lib/objects/s3-uploads.ts';
import type { ObjectPlace } from '#lib/objects.ts';
import { listZip, unpackEntry, withArchive, type ZipEntry, type ZipLimits, zipLimits } from '#lib/zip-reader.ts';

/*
 * Archives that come in through the browser, part by part, and lie where objects are kept until their import is over:
 * under ROSTRUM_HOME as `uploads/<id>.zip`, and unpacked `uploads/<id>/`; in a bucket part by part, put together by the worker.
 */

export const archiveLimits = {
  bytes: 2 ** 30,
  /** Of one request: below what proxies let through, and a minute over a slow line. */
  partBytes: 4 * 2 ** 20,
  /** Sent on by nobody for so long, an archive is given up. */
  hours: 6,
};

/** Left free for everybody else who writes here: the database first of all. */
const reservedBytes = 256 * 2 ** 20;
const lanes = 4;

const uploads = (home: string) => join(home, 'uploads');
export const uploadPath = (home: string, id: string) => join(uploads(home), `${id}.zip`);
const unpackedFolder = (home: string, id: string) => join(uploads(home), id);

/** Makes the file that the parts go into. `promised`: bytes of other uploads that are still to come. A bucket needs neither. */
export async function beginUpload(
  { home, s3 }: ObjectPlace,
  id: string,
  bytes: number,
  promised: number,
): Promise<void> {
  if (s3 !== null) return;
  await mkdir(uploads(home), { recursive: true });
  await requireSpace(uploads(home), bytes + promised);
  // Web and worker may be two users of one group; the home lets nobody else in.
  const handle = await open(uploadPath(home, id), 'wx', 0o660);
  await handle.close();
}

/**
 * Writes a part where it belongs. Sent again, it changes nothing. Nobody waits for the disk: what a power cut takes is found when the
 * archive is unpacked, by the checksums within.
 */
export async function writePart(
  { home, s3 }: ObjectPlace,
  id: string,
  offset: number,
  part: Uint8Array,
): Promise<void> {
  if (s3 !== null) return putPart(s3, id, offset, part);
  const handle = await open(uploadPath(home, id), 'r+');
  try {
    for (let done = 0; done < part.length; ) {
      const { bytesWritten } = await handle.write(part, done, part.length - done, offset + done);
      done += bytesWritten;
    }
  } finally {
    await handle.close();
  }
}

/** Removes an archive and what was unpacked of it. */
export async function removeUpload({ home, s3 }: ObjectPlace, id: string): Promise<void> {
  if (s3 !== null) await removeParts(s3, id);
  await rm(uploadPath(home, id), { force: true });
  await rm(unpackedFolder(home, id), { recursive: true, force: true });
}

/**
 * Removes what nobody knows of. `listKnown` says which archives are still wanted; it is asked once all are listed, since an upload has its
 * row before its first byte.
 */
export async function sweepUploads(place: ObjectPlace, listKnown: () => Promise<ReadonlySet<string>>): Promise<void> {
  const begun = [...(await listFileUploads(place.home)), ...(place.s3 === null ? [] : await listPartUploads(place.s3))];
  const known = await listKnown();
  for (const id of new Set(begun)) if (!known.has(id)) await removeUpload(place, id);
}

/** Every upload that there is something of on this disk. */
async function listFileUploads(home: string): Promise<string[]> {
  const names = await readdir(uploads(home)).catch(() => []);
  return names.map((name) => name.replace(/\.zip$/, ''));
}

/**
 * Unpacks an uploaded archive and returns the folder that its manifest is looked for in: where all lies in one folder, that one.
 * Refuses with `archive-…`, and 'disk-full' before anything is written. An earlier, unfinished attempt is begun anew.
 */
export async function unpackUpload(
  place: ObjectPlace,
  id: string,
  onProgress: (done: number, total: number) => void,
  limits: ZipLimits = zipLimits,
): Promise<{ folder: string; root: string }> {
  const { home } = place;
  const folder = unpackedFolder(home, id);
  await rm(folder, { recursive: true, force: true });
  if (place.s3 !== null) await putTogether(place, id);
  return withArchive(uploadPath(home, id), async (archive) => {
    const entries = await listZip(archive, limits);
    // Once unpacked, once in the store.
    await requireSpace(uploads(home), 2 * entries.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const parent of new Set(entries.map(({ name }) => dirname(join(folder, name))))) {
      await mkdir(parent, { recursive: true, mode: 0o700 });
    }
    let next = 0;
    let done = 0;
    const work = async () => {
      for (let entry = entries[next++]; entry !== undefined; entry = entries[next++]) {
        const target = await open(join(folder, entry.name), 'wx', 0o600);
        await unpackEntry(archive, entry, target).finally(() => target.close());
        onProgress(++done, entries.length);
      }
    };
    await Promise.all(Array.from({ length: lanes }, work));
    return { root: folder, folder: join(folder, onlyFolder(entries)) };
  });
}

async function putTogether({ home, s3 }: ObjectPlace, id: string): Promise<void> {
  await mkdir(uploads(home), { recursive: true });
  const handle = await open(uploadPath(home, id), 'w', 0o600);
  await fetchParts(s3!, id, handle).finally(() => handle.close());
}

/** The folder that everything lies in, level by level; empty where there is more than one thing at the top. */
function onlyFolder(entries: readonly ZipEntry[]): string {
  let common = dirname(entries[0]?.name ?? '.');
  for (const { name } of entries) {
    while (common !== '.' && !name.startsWith(`${common}/`)) common = dirname(common);
  }
  return common === '.' ? '' : common;
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + reservedBytes) throw new RefusedError('disk-full', 507);
}
