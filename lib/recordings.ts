import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
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
      const bytes = inMemory(source);
      const kept = bytes === null ? await keepFile(home, String(source)) : keepBytes(home, bytes);
      if (kept.isNew) unsettled.push(kept.sha256);
      return kept;
    },
    async settle() {
      const paths = unsettled.map((sha256) => recordingPath(home, sha256));
      unsettled = [];
      for (let i = 0; i < paths.length; i += lanes) await Promise.all(paths.slice(i, i + lanes).map(sync));
      for (const folder of new Set(paths.map(dirname))) await sync(folder);
    },
  };
}

/** Step by step: to hand a small file to another thread of Node's and back, ten times over, takes longer than all of it. */
function keepBytes(home: string, bytes: Uint8Array): KeptRecording {
  const file = { sha256: createHash('sha256').update(bytes).digest(), bytes: bytes.length };
  const path = recordingPath(home, file.sha256);
  // Compared as a whole: after a power cut a file may have its size and not its bytes.
  if (sizeOf(path) === bytes.length && readFileSync(path).equals(bytes)) return { ...file, isNew: false };
  mkdirSync(dirname(path), { recursive: true });
  const temporary = neighbour(path);
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return { ...file, isNew: true };
}

/** Reads a large file twice, once to name it. */
async function keepFile(home: string, source: string): Promise<KeptRecording> {
  const file = await digest(source, null);
  const path = recordingPath(home, file.sha256);
  if (sizeOf(path) === file.bytes && (await digest(path, null)).sha256.equals(file.sha256)) {
    return { ...file, isNew: false };
  }
  await writeNeighbour(path, async (handle) => {
    const copied = await digest(source, handle);
    if (!copied.sha256.equals(file.sha256)) throw new Error(`${source} changed while it was being read`);
    return path;
  });
  return { ...file, isNew: true };
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
const smallBytes = 2 ** 20;

/** Bytes, and the content of a small file; null for a large one. */
function inMemory(source: string | Uint8Array): Uint8Array | null {
  if (typeof source !== 'string') return source;
  return statSync(source).size <= smallBytes ? readFileSync(source) : null;
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

/** Not yet the file at `path`, in its folder. */
function neighbour(path: string): string {
  return join(dirname(path), `.${randomUUID()}.part`);
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
  const temporary = neighbour(nearPath);
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

/** Reads a file once, in bounded memory, and copies it where there is a place to copy it to. */
async function digest(path: string, copy: FileHandle | null): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    await copy?.writeFile(chunk);
  }
  return { sha256: hash.digest(), bytes };
}
