import type { Readable } from 'node:stream';
import { folderStore } from '#lib/objects/folder.ts';
import { type S3Place, s3Store } from '#lib/objects/s3.ts';

/*
 * What lies outside of the database: recordings, archives and slides, each under the SHA-256 of its bytes. A key is written once and
 * means the same bytes for good, until nobody has them (lib/db/dropped-slides.ts), so any number of processes on any number of machines may write and read at once.
 */

/** What a content-addressed file is known by. */
export type StoredFile = { sha256: Buffer; bytes: number };

/** What became of an object; `isNew` where it was not here already. */
export type KeptObject = StoredFile & { isNew: boolean };

/** Slides lie among recordings. */
export type ObjectKind = 'recordings' | 'archives';

/** From byte `start` to byte `end`, both of them included. */
export type ByteRange = { start: number; end: number };

/** `keep` can be called many times at once. What is new survives a power cut once `settle` has returned. */
export type ObjectBatch = {
  /** A file's path, or bytes. What is here already is not written again, so an import that was stopped goes on where it was. */
  keep(source: string | Uint8Array): Promise<KeptObject>;
  settle(): Promise<void>;
};

export type ObjectStore = {
  openBatch(): ObjectBatch;
  /** Keeps what the pieces come to, there as a whole or not at all, even where power is cut. */
  keepPieces(kind: ObjectKind, pieces: AsyncIterable<Uint8Array>): Promise<StoredFile>;
  /** How long an object is, in bytes; null where there is none. */
  findLength(kind: ObjectKind, sha256: Buffer): Promise<number | null>;
  /** Throws where the object is missing or has another length. */
  open(kind: ObjectKind, file: StoredFile, range?: ByteRange): Promise<Readable>;
  /** Has `use` read recordings as files of this machine, in the order asked for; the paths mean nothing afterwards. */
  withFiles<Result>(files: readonly StoredFile[], use: (paths: string[]) => Promise<Result>): Promise<Result>;
  /** Nothing happens where there is none. */
  remove(kind: ObjectKind, sha256: Buffer): Promise<void>;
  /** Writes and reads a small object. Throws ObjectStoreError. */
  check(): Promise<void>;
};

/** Plain data: threads are told of it, too. `home` is ROSTRUM_HOME; without `s3` objects lie in it. */
export type ObjectPlace = { home: string; s3: S3Place | null };

export const inFolder = (home: string): ObjectPlace => ({ home, s3: null });

export function objectStore({ home, s3 }: ObjectPlace): ObjectStore {
  return s3 === null ? folderStore(home) : s3Store(s3, home);
}

/** Keeps one recording. When this returns, it survives a power cut. */
export async function storeRecording(place: ObjectPlace, source: string | Uint8Array): Promise<StoredFile> {
  const batch = objectStore(place).openBatch();
  const { sha256, bytes } = await batch.keep(source);
  await batch.settle();
  return { sha256, bytes };
}

/** The content of an object, read when it is asked for. */
export async function* contentOf(store: ObjectStore, kind: ObjectKind, file: StoredFile): AsyncGenerator<Buffer> {
  yield* (await store.open(kind, file)) as AsyncIterable<Buffer>;
}
