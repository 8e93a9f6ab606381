import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { patiently, type S3Place, s3At } from '#lib/objects/s3-client.ts';

/*
 * Archives that come in through the browser where web and worker share no folder: each part an object `uploads/<id>/<offset>`, until
 * the import is over.
 */

const keyOf = (id: string, offset: number) => `uploads/${id}/${String(offset).padStart(12, '0')}`;

export async function putPart(place: S3Place, id: string, offset: number, part: Uint8Array): Promise<void> {
  const { sdk, client } = await s3At(place);
  const object = { Bucket: place.bucket, Key: keyOf(id, offset), Body: part };
  await patiently(() => client.send(new sdk.PutObjectCommand(object)));
}

/** Writes the parts of an upload to a file, one after the other. */
export async function fetchParts(place: S3Place, id: string, file: FileHandle): Promise<void> {
  const { sdk, client } = await s3At(place);
  for (const { key } of await listObjects(place, `uploads/${id}/`)) {
    const found = await client.send(new sdk.GetObjectCommand({ Bucket: place.bucket, Key: key }));
    for await (const piece of found.Body as Readable) await file.writeFile(piece);
  }
}

export async function removeParts(place: S3Place, id: string): Promise<void> {
  const { sdk, client } = await s3At(place);
  for (const { key } of await listObjects(place, `uploads/${id}/`)) {
    await client.send(new sdk.DeleteObjectCommand({ Bucket: place.bucket, Key: key }));
  }
}

/** Of every upload there is something of: when its first part came, in milliseconds. */
export async function listPartUploads(place: S3Place): Promise<Map<string, number>> {
  const begun = new Map<string, number>();
  for (const { key, at } of await listObjects(place, 'uploads/')) {
    const id = key.split('/')[1]!;
    begun.set(id, Math.min(at, begun.get(id) ?? at));
  }
  return begun;
}

/** In the order of their keys. */
async function listObjects(place: S3Place, prefix: string): Promise<{ key: string; at: number }[]> {
  const { sdk, client } = await s3At(place);
  const pages = sdk.paginateListObjectsV2({ client }, { Bucket: place.bucket, Prefix: prefix });
  const found: { key: string; at: number }[] = [];
  for await (const { Contents: objects = [] } of pages) {
    for (const { Key, LastModified } of objects) found.push({ key: Key!, at: LastModified?.getTime() ?? 0 });
  }
  return found;
}
