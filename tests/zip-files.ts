import { mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { listZip, unpackEntry, withArchive } from '#lib/zip-reader.ts';

/** A file of an archive as it is to be written; what is given of its headers may lie. */
export type ZipPart = {
  name: string | Uint8Array;
  content?: string | Uint8Array;
  deflated?: boolean;
  flags?: number;
  method?: number;
  /** The mode of a Unix file, in the upper half of the attributes. */
  mode?: number;
  bytes?: number;
  packedBytes?: number;
  crc32?: number;
  headerAt?: number;
  extra?: Uint8Array;
};

/** A ZIP archive byte by byte, for tests: sound ones, and whatever else is asked for. */
export function aZip(parts: readonly ZipPart[], comment = ''): Buffer {
  const files: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const name = Buffer.from(part.name as Uint8Array);
    const content = Buffer.from((part.content ?? '') as Uint8Array);
    const packed = part.deflated ? deflateRawSync(content) : content;
    const isText = typeof part.name === 'string';
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(part.flags ?? (isText ? 0x800 : 0), 2);
    shared.writeUInt16LE(part.method ?? (part.deflated ? 8 : 0), 4);
    shared.writeUInt32LE(part.crc32 ?? crc32(content), 10);
    shared.writeUInt32LE(part.packedBytes ?? packed.length, 14);
    shared.writeUInt32LE(part.bytes ?? content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, name]);
    const extra = Buffer.from(part.extra ?? []);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((part.mode ?? 0o100644) * 2 ** 16, 6);
    tail.writeUInt32LE(part.headerAt ?? at, 10);
    shared.writeUInt16LE(extra.length, 24);
    const made = Buffer.from([20, 3]);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, shared, tail, name, extra]));
    files.push(header, packed);
    at += header.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...files, directory, end, Buffer.from(comment)]);
}

/** Unpacks an archive, which then lies beside its files as `all.zip`. */
export async function unzip(bytes: Uint8Array, folder: string): Promise<void> {
  writeFileSync(join(folder, 'all.zip'), bytes);
  await withArchive(join(folder, 'all.zip'), async (archive) => {
    for (const entry of await listZip(archive)) {
      const path = join(folder, entry.name);
      mkdirSync(dirname(path), { recursive: true });
      const target = await open(path, 'w');
      await unpackEntry(archive, entry, target).finally(() => target.close());
    }
  });
}
