import type { FileHandle } from 'node:fs/promises';

/*
 * A tar archive piece by piece (POSIX.1-1988 ustar; sizes beyond 8 GiB as GNU tar writes them), so that a backup is one file that
 * needs no room for a second copy, and that any `tar` lists and unpacks.
 */

/** A file inside an archive: its content is `bytes` long and begins at `at`. */
export type TarEntry = { name: string; at: number; bytes: number };

/** An archive that is none, or was damaged where its own checks see it. `name` is that of the last entry that could be read. */
export class TarError extends Error {
  readonly entry: string;

  constructor(entry: string) {
    super(`the archive is damaged after ${entry === '' ? 'its beginning' : entry}`);
    this.name = 'TarError';
    this.entry = entry;
  }
}

const blockBytes = 512;
const mostOctal = 8 ** 11;
const mostNameBytes = 100;
const mostFolderBytes = 155;
const foldersAt = 345;
/** Two empty blocks end an archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/** The zeros that fill the last block of a content. */
export function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/** The block before a content; readable by the owner only. Throws where the name is too long: its last part 100 bytes, the rest 155. */
export function tarHeader(name: string, bytes: number, writtenAt: Date): Buffer {
  const header = Buffer.alloc(blockBytes);
  const cut = Buffer.byteLength(name) > mostNameBytes ? name.lastIndexOf('/') : -1;
  const [folders, last] = [name.slice(0, Math.max(cut, 0)), name.slice(cut + 1)];
  if (Buffer.byteLength(last) > mostNameBytes || Buffer.byteLength(folders) > mostFolderBytes) {
    throw new Error(`${name} is too long a name for an archive`);
  }
  const octal = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  header.write(last, 0);
  header.write(folders, foldersAt);
  octal(0o600, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  if (bytes < mostOctal) octal(bytes, 124, 11);
  else writeLargeSize(header, bytes);
  octal(Math.floor(writtenAt.getTime() / 1000), 136, 11);
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  octal(checksumOf(header), 148, 6);
  header.write(' ', 155, 'latin1');
  return header;
}

/** The entries from the front, without their contents. Throws TarError where a header is damaged or the end is missing. */
export async function* listTar(archive: FileHandle): AsyncGenerator<TarEntry> {
  let at = 0;
  let last = '';
  for (;;) {
    const header = await readBlock(archive, at, last);
    at += blockBytes;
    if (header.every((byte) => byte === 0)) return;
    const said = Number.parseInt(header.toString('latin1', 148, 154), 8);
    if (said !== checksumOf(header)) throw new TarError(last);
    const [folders, file] = [textAt(header, foldersAt, mostFolderBytes), textAt(header, 0, mostNameBytes)];
    const name = folders === '' ? file : `${folders}/${file}`;
    const bytes = readSize(header);
    yield { name, at, bytes };
    last = name;
    at += bytes + paddingOf(bytes);
  }
}

function textAt(header: Buffer, at: number, bytes: number): string {
  return header.toString('utf8', at, at + bytes).replace(/\0.*$/s, '');
}

async function readBlock(archive: FileHandle, at: number, last: string): Promise<Buffer> {
  const { bytesRead, buffer } = await archive.read(Buffer.alloc(blockBytes), 0, blockBytes, at);
  if (bytesRead < blockBytes) throw new TarError(last);
  return buffer;
}

/** The field of the checksum itself counts as spaces. */
function checksumOf(header: Buffer): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}

function writeLargeSize(header: Buffer, bytes: number): void {
  header[124] = 0x80;
  header.writeBigUInt64BE(BigInt(bytes), 128);
}

function readSize(header: Buffer): number {
  if (header[124] === 0x80) return Number(header.readBigUInt64BE(128));
  return Number.parseInt(header.toString('latin1', 124, 135), 8);
}
