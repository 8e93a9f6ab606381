import { statfs } from 'node:fs/promises';

/** What is left of the disk that a folder lies on for who may not use its reserve, and how large it is, in bytes. */
export type DiskSpace = { freeBytes: number; bytes: number };

/** Null where the system does not say. */
export async function readDiskSpace(folder: string): Promise<DiskSpace | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, bytes: blocks * bsize };
  } catch {
    return null;
  }
}

const gibibyte = 1024 ** 3;

/** Less than a twentieth, of which ten gibibytes are always enough and one never is: an archive sent by browser may have one. */
export function isDiskLow({ freeBytes, bytes }: DiskSpace): boolean {
  return freeBytes < Math.max(gibibyte, Math.min(bytes / 20, 10 * gibibyte));
}
