import type { FileHandle } from 'node:fs/promises';
import { blockBytes, checksumOf, foldersAt, mostFolderBytes, mostNameBytes, paddingOf } from '#lib/tar.mjs';

/*
 * Reads a tar archive piece by piece: a backup is one file that needs no room for a second copy, and that any `tar` lists and unpacks.
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

function readSize(header: Buffer): number {
  if (header[124] === 0x80) return Number(header.readBigUInt64BE(128));
  return Number.parseInt(header.toString('latin1', 124, 135), 8);
}
