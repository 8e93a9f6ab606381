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
  for (const key of await listKeys(place, `uploads/${id}/`)) {
    const found = await client.send(new sdk.GetObjectCommand({ Bucket: place.bucket, Key: key }));
    for await (const piece of found.Body as Readable) await file.writeFile(piece);
  }
}

export async function removeParts(place: S3Place, id: string): Promise<void> {
  const { sdk, client } = await s3At(place);
  for (const key of await listKeys(place, `uploads/${id}/`)) {
    await client.send(new sdk.DeleteObjectCommand({ Bucket: place.bucket, Key: key }));
  }
}

/** Every upload that there is something of. */
export async function listPartUploads(place: S3Place): Promise<string[]> {
  return (await listKeys(place, 'uploads/')).map((key) => key.split('/')[1]!);
}

/** In their order. */
async function listKeys(place: S3Place, prefix: string): Promise<string[]> {
  const { sdk, client } = await s3At(place);
  const pages = sdk.paginateListObjectsV2({ client }, { Bucket: place.bucket, Prefix: prefix });
  const keys: string[] = [];
  for await (const { Contents: objects = [] } of pages) keys.push(...objects.map(({ Key }) => Key!));
  return keys;
}
