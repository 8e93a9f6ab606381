import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { digestInName, type Manifest, type Part, parseManifest, type TableInBackup } from '#lib/backup/manifest.ts';
import { deriveKey, unseal } from '#lib/backup/seal.ts';
import { listTar, type TarEntry, TarError } from '#lib/backup/tar.ts';
import { paddingOf } from '#lib/tar.mjs';

/*
 * A backup read from its file. Nothing of it is believed before every byte was compared with the manifest.
 */

/** Why a backup cannot be used; `cli.backup-${code}` in lib/messages. */
export type BackupProblem =
  | 'not-a-backup'
  | 'unfinished'
  | 'part-damaged'
  | 'part-missing'
  | 'part-unknown'
  | 'key-needed'
  | 'key-wrong';

export class BackupError extends Error {
  readonly code: BackupProblem;
  /** The entry that it is about; the empty text where it is none. */
  readonly part: string;

  constructor(code: BackupProblem, part = '', options?: ErrorOptions) {
    super(`${code} ${part}`, options);
    this.name = 'BackupError';
    this.code = code;
    this.part = part;
  }
}

export type Backup = {
  manifest: Manifest;
  /** The text of a table, piece by piece, as it was copied. */
  textOf(table: TableInBackup): AsyncGenerator<Buffer>;
  /** Stored files with their contents, which can be asked for until the next is taken. */
  files(): AsyncGenerator<{ name: string; bytes: number; content(): AsyncGenerator<Buffer> }>;
};

const pieceBytes = 2 ** 20;
const unpacked = promisify(gunzip);

/** Opens a backup for the time of `use`, once all of it was checked. Throws BackupError, with the part that is not as it was. */
export async function withBackup<Result>(
  path: string,
  secret: Buffer | null,
  use: (backup: Backup) => Promise<Result>,
): Promise<Result> {
  const handle = await open(path, 'r');
  try {
    const { manifest, places } = await findManifest(handle);
    if (manifest.key !== null && secret === null) throw new BackupError('key-needed');
    const key = manifest.key === null || secret === null ? null : await deriveKey(secret, manifest.key);
    await checkEverything(handle, manifest);
    const backup = { manifest, textOf: (table: TableInBackup) => textOf(handle, places, table, key), files };
    if (key !== null) await checkKey(backup);
    return await use(backup);
  } finally {
    await handle.close();
  }

  async function* files() {
    for await (const entry of listTar(handle)) {
      if (!isFile(entry.name)) continue;
      yield { name: entry.name, bytes: entry.bytes, content: () => contentOf(handle, entry) };
    }
  }
}

function isFile(name: string): boolean {
  return /^(recordings|archives|models)\//.test(name);
}

type Places = ReadonlyMap<string, TarEntry>;

async function findManifest(handle: FileHandle): Promise<{ manifest: Manifest; places: Places }> {
  const places = new Map<string, TarEntry>();
  try {
    for await (const entry of listTar(handle)) {
      const promised = digestInName(entry.name);
      if (promised !== null) return { manifest: await readManifest(handle, entry, promised), places };
      // Stored files may be a million, and are found again from the front.
      if (!isFile(entry.name)) places.set(entry.name, entry);
    }
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    throw new BackupError(cause.entry === '' ? 'not-a-backup' : 'unfinished', cause.entry, { cause });
  }
  throw new BackupError('not-a-backup');
}

async function readManifest(handle: FileHandle, entry: TarEntry, promised: string): Promise<Manifest> {
  const bytes = await read(handle, entry);
  if (sha256(bytes) !== promised) throw new BackupError('part-damaged', entry.name);
  const manifest = parseManifest(bytes.toString());
  if (manifest === null) throw new BackupError('not-a-backup', entry.name);
  return manifest;
}

/** Every entry against its digest, and that none is missing, doubled or put in between. */
async function checkEverything(handle: FileHandle, manifest: Manifest): Promise<void> {
  const expected = new Map<string, Part>();
  for (const { parts } of manifest.tables) for (const part of parts) expected.set(part.name, part);
  for (const part of manifest.models) expected.set(part.name, part);
  let objects = 0;
  for await (const entry of listTar(handle)) {
    if (digestInName(entry.name) !== null) break;
    const stored = /^(?:recordings|archives)\/([0-9a-f]{64})$/.exec(entry.name)?.[1];
    const promised = stored ?? expected.get(entry.name)?.sha256;
    if (promised === undefined) throw new BackupError('part-unknown', entry.name);
    if ((await digestOf(handle, entry)) !== promised) throw new BackupError('part-damaged', entry.name);
    expected.delete(entry.name);
    if (stored !== undefined) objects += 1;
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw new BackupError('part-missing', missing);
  if (objects !== manifest.objects.count) throw new BackupError('part-missing', 'recordings/');
}

/** All digests being right, what does not open was sealed with another key. */
async function checkKey(backup: Backup): Promise<void> {
  for (const table of backup.manifest.tables.filter(({ isSealed }) => isSealed)) {
    for await (const _ of backup.textOf(table)) break;
  }
}

async function* textOf(
  handle: FileHandle,
  places: Places,
  table: TableInBackup,
  key: Buffer | null,
): AsyncGenerator<Buffer> {
  for (const { name } of table.parts) {
    const entry = places.get(name);
    if (entry === undefined) throw new BackupError('part-missing', name);
    const bytes = await read(handle, entry);
    const opened = table.isSealed ? key && unseal(key, name, bytes) : bytes;
    if (opened === null) throw new BackupError('key-wrong', name);
    yield (await unpacked(opened)) as Buffer;
  }
}

async function digestOf(handle: FileHandle, entry: TarEntry): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of contentOf(handle, entry)) hash.update(piece);
  const padding = { ...entry, at: entry.at + entry.bytes, bytes: paddingOf(entry.bytes) };
  if ((await read(handle, padding)).some((byte) => byte !== 0)) throw new BackupError('part-damaged', entry.name);
  return hash.digest('hex');
}

async function* contentOf(handle: FileHandle, { name, at, bytes }: TarEntry): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytes; ) {
    const wanted = Math.min(pieceBytes, bytes - done);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, at + done);
    if (bytesRead === 0) throw new BackupError('unfinished', name);
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function read(handle: FileHandle, entry: TarEntry): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of contentOf(handle, entry)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
