import { crc32 } from 'node:zlib';

/** A file to be put into an archive as it is: `read` gives its content, as often as it is asked, exactly `bytes` long. */
export type ZipFile = { name: string; bytes: number; read: () => AsyncIterable<Uint8Array> };

const signatures = { file: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
/** Stored, with a name in UTF-8, and from the first day of 2000: the same files make the same bytes anywhere. */
const versions = { plain: 20, large: 45 };
const utf8 = 0x0800;
const firstOf2000 = (20 << 9) | (1 << 5) | 1;
const plainFile = 0o100644;
const madeByUnix = 3 << 8;
const unknown16 = 0xffff;
const unknown32 = 0xffffffff;
const pieceBytes = 2 ** 18;

/**
 * A ZIP archive of files that are not compressed, piece by piece (APPNOTE.TXT 6.3.10), with the extensions for more than 65,535 files and
 * 4 GiB where they are needed. Every header is exact, so readers that go from the front need no directory. Takes time in proportion to
 * its size: each file is read once, or twice where it is larger than a piece.
 */
export async function* writeZip(files: Iterable<ZipFile> | AsyncIterable<ZipFile>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let at = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const hold = (bytes: Uint8Array) => {
    held.push(bytes);
    heldBytes += bytes.length;
    at += bytes.length;
  };
  const take = () => {
    const piece = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return piece;
  };
  for await (const file of files) {
    const headerAt = at;
    const { sum, content } = await examine(file);
    const name = Buffer.from(file.name);
    hold(fileHeader(name, sum, file.bytes));
    for await (const bytes of content) {
      hold(bytes);
      if (heldBytes >= pieceBytes) yield take();
    }
    if (at - headerAt !== 30 + name.length + file.bytes) throw changed(file);
    directory.push(entryHeader(name, sum, file.bytes, headerAt));
  }
  const directoryAt = at;
  for (const entry of directory) hold(entry);
  hold(endOf(directory.length, directoryAt, at - directoryAt));
  yield take();
}

/** The checksum stands before the content, so a small file is held meanwhile and a large one read again. */
async function examine(file: ZipFile): Promise<{ sum: number; content: AsyncIterable<Uint8Array> | Uint8Array[] }> {
  const isSmall = file.bytes <= pieceBytes;
  const content: Uint8Array[] = [];
  let sum = 0;
  let bytes = 0;
  for await (const piece of file.read()) {
    sum = crc32(piece, sum);
    bytes += piece.length;
    if (isSmall) content.push(piece);
  }
  if (bytes !== file.bytes) throw changed(file);
  return { sum, content: isSmall ? content : file.read() };
}

function changed({ name, bytes }: ZipFile): Error {
  return new Error(`${name} has no longer ${bytes} bytes`);
}

function fileHeader(name: Buffer, sum: number, bytes: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(signatures.file, 0);
  writeShared(header, 4, name, sum, bytes);
  return Buffer.concat([header, name]);
}

function entryHeader(name: Buffer, sum: number, bytes: number, at: number): Buffer {
  const isFar = at >= unknown32;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(signatures.entry, 0);
  header.writeUInt16LE(madeByUnix | (isFar ? versions.large : versions.plain), 4);
  writeShared(header, 6, name, sum, bytes);
  header.writeUInt16LE(isFar ? 12 : 0, 30);
  header.writeUInt32LE(plainFile * 2 ** 16, 38);
  header.writeUInt32LE(isFar ? unknown32 : at, 42);
  const extra = Buffer.alloc(isFar ? 12 : 0);
  if (isFar) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(at), 4);
  }
  return Buffer.concat([header, name, extra]);
}

/** From the version needed to the length of the name, both headers are the same. */
function writeShared(header: Buffer, from: number, name: Buffer, sum: number, bytes: number): void {
  header.writeUInt16LE(versions.plain, from);
  header.writeUInt16LE(utf8, from + 2);
  header.writeUInt16LE(firstOf2000, from + 8);
  header.writeUInt32LE(sum, from + 10);
  header.writeUInt32LE(bytes, from + 14);
  header.writeUInt32LE(bytes, from + 18);
  header.writeUInt16LE(name.length, from + 22);
}

function endOf(entries: number, at: number, bytes: number): Buffer {
  const isLarge = entries >= unknown16 || at >= unknown32 || bytes >= unknown32;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(signatures.end, 0);
  end.writeUInt16LE(isLarge ? unknown16 : entries, 8);
  end.writeUInt16LE(isLarge ? unknown16 : entries, 10);
  end.writeUInt32LE(isLarge ? unknown32 : bytes, 12);
  end.writeUInt32LE(isLarge ? unknown32 : at, 16);
  return isLarge ? Buffer.concat([endOfLarge(entries, at, bytes), end]) : end;
}

function endOfLarge(entries: number, at: number, bytes: number): Buffer {
  const record = Buffer.alloc(76);
  record.writeUInt32LE(signatures.end64, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(madeByUnix | versions.large, 12);
  record.writeUInt16LE(versions.large, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  record.writeUInt32LE(signatures.locator64, 56);
  record.writeBigUInt64LE(BigInt(at + bytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
