import { createHash } from 'node:crypto';
import { type FileHandle, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Manifest, manifestName, type Part, type TableInBackup } from '#lib/backup/manifest.ts';
import { deriveKey, newRecipe, seal } from '#lib/backup/seal.ts';
import { modelsFolder } from '#lib/baseline-models.ts';
import {
  beginReading,
  copyOut,
  listObjects,
  listTables,
  type Reading,
  readFacts,
  readSequences,
  type StoredObject,
  type TableToCopy,
} from '#lib/db/backup-tables.ts';
import { writeWhole } from '#lib/objects/folder.ts';
import { contentOf, type ObjectPlace, objectStore } from '#lib/objects.ts';
import { paddingOf, tarEnd, tarHeader } from '#lib/tar.mjs';

/*
 * A whole installation in one file: tables from one snapshot, then the stored files that they name, then the manifest.
 */

export type BackupOptions = {
  ownerUrl: string;
  place: ObjectPlace;
  /** Of Rostrum. */
  version: string;
  /** What labels are sealed with; null leaves them out. */
  secret: Buffer | null;
  withRecordings: boolean;
};
export type Written = { manifest: Manifest; bytes: number };

/** So much text of a table is one part: what memory a backup and its restore need hangs on this, not on the database. */
const partBytes = 8 * 2 ** 20;
const packed = promisify(gzip);

/** Writes `path`, whole or not at all, readable by its owner only. Stored files that are gone are named in the manifest. */
export async function writeBackup(path: string, options: BackupOptions): Promise<Written> {
  const reading = await beginReading(options.ownerUrl);
  try {
    let written: Written | null = null;
    await writeWhole(path, async (handle) => {
      await handle.chmod(0o600);
      written = await writeAll(handle, reading, options);
      return path;
    });
    return written!;
  } finally {
    await reading.end();
  }
}

async function writeAll(handle: FileHandle, { client }: Reading, options: BackupOptions): Promise<Written> {
  const { secret, place, version, withRecordings } = options;
  const facts = await readFacts(client);
  const archive = openArchive(handle, new Date(facts.createdAt));
  const recipe = secret === null ? null : newRecipe();
  const key = secret === null || recipe === null ? null : await deriveKey(secret, recipe);
  const tables: TableInBackup[] = [];
  for (const table of await listTables(client)) {
    if (table.isSealed && key === null) continue;
    const { text, rows } = copyOut(client, table);
    const parts = await writeTable(archive, table, text, table.isSealed ? key : null);
    tables.push({ ...table, rows: rows(), parts });
  }
  const sequences = await readSequences(client);
  const objects = { count: 0, bytes: 0, withRecordings, missing: [] as string[] };
  for await (const object of listObjects(client, withRecordings)) await writeObject(archive, place, object, objects);
  const models = await writeModels(archive, place.home);
  const manifest: Manifest = {
    format: 'rostrum-backup',
    formatVersion: 1,
    rostrum: version,
    ...facts,
    key: recipe,
    tables,
    sequences,
    objects,
    models,
  };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  await archive.add(manifestName(sha256(text)), text);
  return { manifest, bytes: await archive.end() };
}

type Archive = {
  add(name: string, bytes: Buffer): Promise<Part>;
  /** Throws where the pieces are not as long as was said. */
  addPieces(name: string, pieces: AsyncIterable<Buffer>, bytes: number): Promise<void>;
  /** Returns how long the archive is. */
  end(): Promise<number>;
};

function openArchive(handle: FileHandle, writtenAt: Date): Archive {
  let at = 0;
  const write = async (bytes: Buffer) => {
    await handle.writeFile(bytes);
    at += bytes.length;
  };
  // Readable by the owner only.
  const about = { mode: 0o600, writtenAtSeconds: Math.floor(writtenAt.getTime() / 1000) };
  const begin = (name: string, bytes: number) => write(tarHeader(name, { bytes, ...about }));
  const pad = (bytes: number) => write(Buffer.alloc(paddingOf(bytes)));
  return {
    async add(name, bytes) {
      await begin(name, bytes.length);
      await write(bytes);
      await pad(bytes.length);
      return { name, bytes: bytes.length, sha256: sha256(bytes) };
    },
    async addPieces(name, pieces, bytes) {
      await begin(name, bytes);
      const from = at;
      for await (const piece of pieces) await write(piece);
      if (at - from !== bytes) throw new Error(`${name} changed while it was being read`);
      await pad(bytes);
    },
    async end() {
      await write(tarEnd);
      return at;
    },
  };
}

async function writeTable(
  archive: Archive,
  { schema, name }: TableToCopy,
  text: AsyncIterable<Buffer>,
  key: Buffer | null,
): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const piece of inPieces(text, partBytes)) {
    const number = String(parts.length + 1).padStart(6, '0');
    const file = `${key === null ? 'tables' : 'sealed'}/${schema}.${name}/${number}.gz`;
    const bytes = (await packed(piece)) as Buffer;
    parts.push(await archive.add(file, key === null ? bytes : seal(key, file, bytes)));
  }
  return parts;
}

async function* inPieces(text: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of text) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < most) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

async function writeObject(
  archive: Archive,
  place: ObjectPlace,
  { folder, sha256 }: StoredObject,
  objects: Manifest['objects'],
): Promise<void> {
  const store = objectStore(place);
  const name = `${folder}/${sha256.toString('hex')}`;
  const bytes = await store.findLength(folder, sha256);
  if (bytes === null) {
    objects.missing.push(name);
    return;
  }
  await archive.addPieces(name, contentOf(store, folder, { sha256, bytes }), bytes);
  objects.count += 1;
  objects.bytes += bytes;
}

async function writeModels(archive: Archive, home: string): Promise<Part[]> {
  const folder = modelsFolder(home);
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const parts: Part[] = [];
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    const name = `models/${path.slice(folder.length + 1).replaceAll('\\', '/')}`;
    parts.push(await archive.add(name, await readFile(path)));
  }
  return parts;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
