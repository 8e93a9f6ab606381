import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
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

/** What became of a recording; `isNew` where it was not here already. */
export type KeptRecording = StoredFile & { isNew: boolean };

/** `keep` can be called many times at once. What is new survives a power cut once `settle` has returned. */
export type RecordingStore = {
  keep(source: string | Uint8Array): Promise<KeptRecording>;
  settle(): Promise<void>;
};

/**
 * Keeps recordings, given as files' paths or as bytes, exactly as they are. Bytes that are here already are not written again, so
 * an interrupted import goes on where it stopped. Waiting for the disk once at the end, and not for each, is ten times as fast.
 */
export function openRecordingStore(home: string): RecordingStore {
  let unsettled: Buffer[] = [];
  return {
    async keep(source) {
      const held = await inMemory(source);
      const file = await digest(held, null);
      const path = recordingPath(home, file.sha256);
      if (await isStored(path, file)) return { ...file, isNew: false };
      await writeNeighbour(path, async (handle) => {
        const copied = await digest(held, handle);
        if (!copied.sha256.equals(file.sha256)) throw new Error(`${String(source)} changed while it was being read`);
        return path;
      });
      unsettled.push(file.sha256);
      return { ...file, isNew: true };
    },
    async settle() {
      const paths = unsettled.map((sha256) => recordingPath(home, sha256));
      unsettled = [];
      for (let i = 0; i < paths.length; i += lanes) await Promise.all(paths.slice(i, i + lanes).map(sync));
      for (const folder of new Set(paths.map(dirname))) await sync(folder);
    },
  };
}

/** Keeps one recording. When this returns, the file survives a power cut. */
export async function storeRecording(home: string, source: string | Uint8Array): Promise<StoredFile> {
  const store = openRecordingStore(home);
  const { sha256, bytes } = await store.keep(source);
  await store.settle();
  return { sha256, bytes };
}

/** As many requests as Node has under way with a disk at once. */
const lanes = 4;
/** What is not larger is read once, where larger files are read to be named and again to be copied. */
const smallBytes = 2 ** 20;

async function inMemory(source: string | Uint8Array): Promise<string | Uint8Array> {
  if (typeof source !== 'string') return source;
  const { size } = await stat(source);
  return size <= smallBytes ? readFile(source) : source;
}

/**
 * Writes a file that is there whole or not at all: `write` fills a temporary neighbour of `nearPath` and names the final path,
 * which may depend on what was written.
 */
export async function writeWhole(nearPath: string, write: (handle: FileHandle) => Promise<string>): Promise<void> {
  await writeNeighbour(nearPath, async (handle) => {
    const finalPath = await write(handle);
    await handle.sync();
    return finalPath;
  });
  await sync(dirname(nearPath));
}

async function writeNeighbour(nearPath: string, write: (handle: FileHandle) => Promise<string>): Promise<void> {
  const folder = dirname(nearPath);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.part`);
  try {
    const handle = await open(temporary, 'wx', 0o644);
    const finalPath = await write(handle).finally(() => handle.close());
    await rename(temporary, finalPath);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A file, or a folder: a rename is safe from a power cut only once its folder is on the disk. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Compared as a whole: after a power cut a file may have its size and not its bytes. */
async function isStored(path: string, file: StoredFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true || found.size !== file.bytes) return false;
  return (await digest(await inMemory(path), null)).sha256.equals(file.sha256);
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
