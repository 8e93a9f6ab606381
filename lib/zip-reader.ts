import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, createInflateRaw, inflateRaw } from 'node:zlib';
import { ArchiveError, safeEntryName } from '#lib/zip-names.ts';

/*
 * Archives that strangers' programs wrote (APPNOTE.TXT 6.3.10): what the directory at the end says is checked as a whole before one byte
 * is unpacked, and every file against it while it is.
 */

export type ZipLimits = {
  entries: number;
  directoryBytes: number;
  unpackedBytes: number;
  /** How often its own size the archive as a whole may take: recordings hardly shrink, and texts tenfold. */
  ratio: number;
  /** So much does no harm, whatever the ratio. */
  harmlessBytes: number;
};

/** A file of an archive. `name` is relative, with forward slashes, and leads nowhere outside. Folders are implied by names. */
export type ZipEntry = {
  name: string;
  headerAt: number;
  packedBytes: number;
  bytes: number;
  crc32: number;
  isDeflated: boolean;
};

export const zipLimits: ZipLimits = {
  entries: 250_000,
  directoryBytes: 64 * 2 ** 20,
  unpackedBytes: 8 * 2 ** 30,
  ratio: 100,
  harmlessBytes: 64 * 2 ** 20,
};

const signatures = { file: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
const fileHeaderBytes = 30;
const entryHeaderBytes = 46;
const endBytes = 22;
const locatorBytes = 20;
const mostCommentBytes = 65_535;
/** What is not larger is unpacked in one piece. */
const smallBytes = 2 ** 20;
const unknown32 = 0xffffffff;
const inflated = promisify(inflateRaw);

/** Opens an archive for the time of `use`. */
export async function withArchive<Result>(
  path: string,
  use: (archive: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/**
 * The files of an archive, in the order of its directory, without what systems put in by themselves. Refuses what is broken, locked,
 * packed in other ways than by deflate, larger than `limits`, has links or names that lead outside, or counts the same bytes twice.
 */
export async function listZip(archive: FileHandle, limits: ZipLimits = zipLimits): Promise<ZipEntry[]> {
  const { size } = await archive.stat();
  const directory = await findDirectory(archive, size);
  if (directory.entries > limits.entries) throw new ArchiveError('archive-entries', { most: limits.entries });
  if (directory.bytes > limits.directoryBytes) throw new ArchiveError('archive-entries', { most: limits.entries });
  const bytes = await readExactly(archive, directory.at, directory.bytes);
  const all: ZipEntry[] = [];
  for (let at = 0, i = 0; i < directory.entries; i += 1) {
    const { entry, next } = readEntry(bytes, at);
    if (entry !== null) all.push(entry);
    at = next;
  }
  checkSizes(all, size, limits);
  checkPlaces(all, directory.at);
  checkNames(all);
  return all;
}

/** Unpacks one file into `target`, which is empty. Refuses where it is not what the directory says. */
export async function unpackEntry(archive: FileHandle, entry: ZipEntry, target: FileHandle): Promise<void> {
  const header = await readExactly(archive, entry.headerAt, fileHeaderBytes);
  const isNothing = entry.packedBytes === 0 && entry.bytes > 0;
  if (header.readUInt32LE(0) !== signatures.file || isNothing) throw new ArchiveError('archive-broken');
  const at = entry.headerAt + fileHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const sum = { bytes: 0, crc32: 0 };
  const take = async (piece: Uint8Array) => {
    sum.bytes += piece.length;
    if (sum.bytes > entry.bytes) throw new ArchiveError('archive-entry', { name: entry.name });
    sum.crc32 = crc32(piece, sum.crc32);
    await target.writeFile(piece);
  };
  if (entry.packedBytes <= smallBytes && entry.bytes <= smallBytes) await unpackSmall(archive, entry, at, take);
  else await unpackLarge(archive, entry, at, take);
  if (sum.bytes !== entry.bytes || sum.crc32 !== entry.crc32) {
    throw new ArchiveError('archive-entry', { name: entry.name });
  }
}

type Take = (piece: Uint8Array) => Promise<void>;

async function unpackSmall(archive: FileHandle, entry: ZipEntry, at: number, take: Take): Promise<void> {
  const packed = await readExactly(archive, at, entry.packedBytes);
  if (!entry.isDeflated) return take(packed);
  const bytes = await inflated(packed, { maxOutputLength: entry.bytes + 1 }).catch(() => {
    throw new ArchiveError('archive-entry', { name: entry.name });
  });
  await take(bytes as Uint8Array);
}

async function unpackLarge(archive: FileHandle, entry: ZipEntry, at: number, take: Take): Promise<void> {
  const options = { start: at, end: at + entry.packedBytes - 1, autoClose: false, emitClose: false };
  const packed = archive.createReadStream(options);
  if (!entry.isDeflated) {
    for await (const piece of packed as AsyncIterable<Buffer>) await take(piece);
    return;
  }
  const inflating = createInflateRaw();
  packed.on('error', (error) => inflating.destroy(error));
  try {
    for await (const piece of packed.pipe(inflating) as AsyncIterable<Buffer>) await take(piece);
  } catch (error) {
    throw error instanceof ArchiveError ? error : new ArchiveError('archive-entry', { name: entry.name });
  } finally {
    packed.destroy();
    inflating.destroy();
  }
}

type Directory = { at: number; bytes: number; entries: number };

async function findDirectory(archive: FileHandle, size: number): Promise<Directory> {
  const tailBytes = Math.min(size, endBytes + mostCommentBytes);
  const tail = await readExactly(archive, size - tailBytes, tailBytes);
  let end = tail.length - endBytes;
  // The comment behind it may hold the signature as well; the true one is where the comment's length fits.
  while (end >= 0) {
    const isEnd = tail.readUInt32LE(end) === signatures.end;
    if (isEnd && end + endBytes + tail.readUInt16LE(end + 20) === tail.length) break;
    end -= 1;
  }
  if (end < 0) throw new ArchiveError('archive-broken');
  const endAt = size - tailBytes + end;
  const found = {
    entries: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    at: tail.readUInt32LE(end + 16),
  };
  const isSmall = found.entries !== 0xffff && found.bytes !== unknown32 && found.at !== unknown32;
  const directory = isSmall ? found : ((await findDirectory64(archive, endAt)) ?? found);
  if (directory.at + directory.bytes > endAt) throw new ArchiveError('archive-broken');
  return directory;
}

/** Of an archive beyond 65,535 files or 4 GiB; null where there is no such record. */
async function findDirectory64(archive: FileHandle, endAt: number): Promise<Directory | null> {
  if (endAt < locatorBytes) return null;
  const locator = await readExactly(archive, endAt - locatorBytes, locatorBytes);
  if (locator.readUInt32LE(0) !== signatures.locator64) return null;
  const record = await readExactly(archive, Number(locator.readBigUInt64LE(8)), 56);
  if (record.readUInt32LE(0) !== signatures.end64) throw new ArchiveError('archive-broken');
  return {
    entries: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    at: Number(record.readBigUInt64LE(48)),
  };
}

function readEntry(directory: Buffer, at: number): { entry: ZipEntry | null; next: number } {
  if (at + entryHeaderBytes > directory.length || directory.readUInt32LE(at) !== signatures.entry) {
    throw new ArchiveError('archive-broken');
  }
  const nameEnd = at + entryHeaderBytes + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const next = extraEnd + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw new ArchiveError('archive-broken');
  const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
  const extra = directory.subarray(nameEnd, extraEnd);
  const name = safeEntryName(directory.subarray(at + entryHeaderBytes, nameEnd), (flags & 0x800) !== 0, extra);
  if (name === null || name.endsWith('/')) return { entry: null, next };
  requirePlainFile(directory, at, name);
  if ((flags & 1) !== 0) throw new ArchiveError('archive-locked', { name });
  if (method !== 0 && method !== 8) throw new ArchiveError('archive-method', { name, method });
  const sizes = sizesOf(directory, at, extra);
  return { entry: { name, crc32: directory.readUInt32LE(at + 16), isDeflated: method === 8, ...sizes }, next };
}

/** Links, devices and the like are told by the mode that systems of the Unix kind keep in the upper half of the attributes. */
function requirePlainFile(directory: Buffer, at: number, name: string): void {
  const kind = (directory.readUInt32LE(at + 38) >>> 16) & 0o170000;
  if (kind !== 0 && kind !== 0o100000) throw new ArchiveError('archive-link', { name });
}

/** Figures that do not fit stand in the extra field 1, in this order (APPNOTE 4.5.3). */
function sizesOf(directory: Buffer, at: number, extra: Buffer): Pick<ZipEntry, 'bytes' | 'packedBytes' | 'headerAt'> {
  const large = extraField(extra, 1);
  let place = 0;
  const figure = (from: number) => {
    const small = directory.readUInt32LE(at + from);
    if (small !== unknown32) return small;
    if (large === null || place + 8 > large.length) throw new ArchiveError('archive-broken');
    place += 8;
    return Number(large.readBigUInt64LE(place - 8));
  };
  return { bytes: figure(24), packedBytes: figure(20), headerAt: figure(42) };
}

function extraField(extra: Buffer, wanted: number): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    if (id === wanted) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return null;
}

function checkSizes(all: readonly ZipEntry[], archiveBytes: number, limits: ZipLimits): void {
  const unpacked = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const most = Math.min(limits.unpackedBytes, Math.max(limits.harmlessBytes, limits.ratio * archiveBytes));
  if (!(unpacked <= most)) throw new ArchiveError('archive-unpacked', { mebibytes: Math.floor(most / 2 ** 20) });
}

/** Files that share bytes make a small archive unpack to a huge one (Fifield, WOOT 2019). */
function checkPlaces(all: readonly ZipEntry[], directoryAt: number): void {
  let free = 0;
  for (const { headerAt, packedBytes } of [...all].sort((a, b) => a.headerAt - b.headerAt)) {
    if (headerAt < free) throw new ArchiveError('archive-broken');
    free = headerAt + fileHeaderBytes + packedBytes;
  }
  if (free > directoryAt) throw new ArchiveError('archive-broken');
}

/** No file twice, and none under a name that another needs as its folder. */
function checkNames(all: readonly ZipEntry[]): void {
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name)) throw new ArchiveError('archive-name-twice', { name });
    names.add(name);
  }
  for (const { name } of all) {
    for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
      if (names.has(name.slice(0, slash))) throw new ArchiveError('archive-name-twice', { name });
    }
  }
}

async function readExactly(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  if (!Number.isSafeInteger(at)) throw new ArchiveError('archive-broken');
  const buffer = Buffer.alloc(bytes);
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, at + done);
    if (bytesRead === 0) throw new ArchiveError('archive-broken');
    done += bytesRead;
  }
  return buffer;
}
