import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { partName } from '#lib/objects/unfinished.ts';
import type { ByteRange, KeptObject, ObjectBatch, ObjectKind, ObjectStore, StoredFile } from '#lib/objects.ts';

/** Where the bytes with this SHA-256 stand: `recordings/ab/<sha256>` under ROSTRUM_HOME. */
export function recordingPath(home: string, sha256: Buffer): string {
  const name = sha256.toString('hex');
  return join(home, 'recordings', name.slice(0, 2), name);
}

export function archivePath(home: string, sha256: Buffer): string {
  return join(home, 'archives', `${sha256.toString('hex')}.zip`);
}

/** Objects under ROSTRUM_HOME: of one machine, or of many where it is a folder that all of them share. */
export function folderStore(home: string): ObjectStore {
  return {
    openBatch: () => openBatch(home),
    keepPieces: (kind, pieces) => keepPieces(home, kind, pieces),
    findLength: async (kind, sha256) => sizeOf(pathOf[kind](home, sha256)),
    open: (kind, file, range) => openFile(pathOf[kind](home, file.sha256), file.bytes, range),
    withFiles: (files, use) => use(files.map(({ sha256 }) => recordingPath(home, sha256))),
    remove: (kind, sha256) => rm(pathOf[kind](home, sha256), { force: true }),
    async check() {
      await writeWhole(join(home, 'recordings', '.check'), async () => join(home, 'recordings', '.check'));
    },
  };
}

const pathOf = { recordings: recordingPath, archives: archivePath } satisfies Record<ObjectKind, unknown>;

/** Waiting for the disk once at the end, and not for each recording, is ten times as fast. */
function openBatch(home: string): ObjectBatch {
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

async function keepPieces(home: string, kind: ObjectKind, pieces: AsyncIterable<Uint8Array>): Promise<StoredFile> {
  let stored: StoredFile | undefined;
  await writeWhole(join(home, kind, 'unnamed'), async (handle) => {
    stored = await pour(pieces, handle);
    const path = pathOf[kind](home, stored.sha256);
    await mkdir(dirname(path), { recursive: true });
    return path;
  });
  await sync(dirname(pathOf[kind](home, stored!.sha256)));
  return stored!;
}

/** A file whose length is known, or a part of it. Throws where it is missing or of another length. */
export async function openFile(path: string, bytes: number, range?: ByteRange): Promise<Readable> {
  // To open a stream for each of many small files takes longer than to read them.
  if (range === undefined && bytes <= smallReadBytes) return Readable.from([await wholeFile(path, bytes)]);
  const handle = await open(path);
  const { size } = await handle.stat();
  if (size === bytes) return handle.createReadStream({ ...range, highWaterMark: chunkBytes });
  await handle.close();
  throw new WrongLengthError(path, size, bytes);
}

async function wholeFile(path: string, bytes: number): Promise<Buffer> {
  const content = readFileSync(path);
  if (content.length !== bytes) throw new WrongLengthError(path, content.length, bytes);
  return content;
}

class WrongLengthError extends Error {
  constructor(path: string, have: number, stored: number) {
    super(`${path} has ${have} bytes where ${stored} were stored`);
  }
}

/** Read in pieces of this size: at most two of them are in memory per download. */
const chunkBytes = 256 * 1024;
const smallReadBytes = 2 ** 18;

/** Step by step: to hand a small file to another thread of Node's and back, ten times over, takes longer than all of it. */
function keepBytes(home: string, bytes: Uint8Array): KeptObject {
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
async function keepFile(home: string, source: string): Promise<KeptObject> {
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

/** As many requests as Node has under way with a disk at once. */
const lanes = 4;
const smallBytes = 2 ** 20;

/** Bytes, and the content of a small file; null for a large one. */
export function inMemory(source: string | Uint8Array): Uint8Array | null {
  if (typeof source !== 'string') return source;
  return statSync(source).size <= smallBytes ? readFileSync(source) : null;
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

/** Not yet the file at `path`, in its folder. */
function neighbour(path: string): string {
  return join(dirname(path), partName());
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
export async function digest(path: string, copy: FileHandle | null): Promise<StoredFile> {
  return pour(createReadStream(path), copy);
}

/** Writes the pieces where there is a place to write them to, and tells what they come to. */
export async function pour(pieces: AsyncIterable<Uint8Array>, copy: FileHandle | null): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    await copy?.writeFile(piece);
  }
  return { sha256: hash.digest(), bytes };
}
