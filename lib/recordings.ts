import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a content-addressed file is known by. */
export type StoredFile = { sha256: Buffer; bytes: number };

/** Where the bytes with this SHA-256 stand: `recordings/ab/<sha256>` under ROSTRUM_HOME. */
export function recordingPath(home: string, sha256: Buffer): string {
  const name = sha256.toString('hex');
  return join(home, 'recordings', name.slice(0, 2), name);
}

export function archivePath(home: string, sha256: Buffer): string {
  return join(home, 'archives', `${sha256.toString('hex')}.zip`);
}

/**
 * Keeps a recording, given as a file's path or as bytes, exactly as it is. Bytes that are here already are not written again, so
 * an interrupted import goes on where it stopped. When this returns, the file survives a power cut.
 */
export async function storeRecording(home: string, source: string | Uint8Array): Promise<StoredFile> {
  const file = await digest(source, null);
  const path = recordingPath(home, file.sha256);
  if (await isStored(path, file.bytes)) return file;
  await writeWhole(path, async (handle) => {
    const copied = await digest(source, handle);
    if (!copied.sha256.equals(file.sha256)) throw new Error(`${String(source)} changed while it was being read`);
    return path;
  });
  return file;
}

/**
 * Writes a file that is there whole or not at all: `write` fills a temporary neighbour of `nearPath` and names the final path,
 * which may depend on what was written.
 */
export async function writeWhole(nearPath: string, write: (handle: FileHandle) => Promise<string>): Promise<void> {
  const folder = dirname(nearPath);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.part`);
  try {
    const handle = await open(temporary, 'wx', 0o644);
    let finalPath: string;
    try {
      finalPath = await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, finalPath);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** A rename is safe from a power cut only once its folder is on the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isStored(path: string, bytes: number): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true && found.size === bytes;
}

/** Reads `source` once, in bounded memory, and copies it where there is a place to copy it to. */
async function digest(source: string | Uint8Array, copy: FileHandle | null): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array> =
    typeof source === 'string' ? createReadStream(source) : [source];
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    await copy?.writeFile(chunk);
  }
  return { sha256: hash.digest(), bytes };
}
