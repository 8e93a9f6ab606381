import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { digest, inMemory, pour } from '#lib/objects/folder.ts';
import { patiently, type S3Place, SpoiledObjectError, s3At, statusOf, troubleOf } from '#lib/objects/s3-client.ts';
import { scratchPrefix } from '#lib/objects/unfinished.ts';
import type { ByteRange, KeptObject, ObjectBatch, ObjectKind, ObjectStore, StoredFile } from '#lib/objects.ts';

export type { S3Place } from '#lib/objects/s3-client.ts';

/** Sent in one request; what is larger goes in parts of this size, two of them in memory at once. */
const partBytes = 64 * 2 ** 20;
const lanes = 8;

/**
 * Objects in a bucket. An object is there once the server has all of it, so nobody sees half of one. `home`: a folder for what must be
 * a file for a moment.
 */
export function s3Store(place: S3Place, home: string): ObjectStore {
  return {
    openBatch: () => openBatch(place),
    keepPieces: (kind, pieces) => keepPieces(place, home, kind, pieces),
    findLength: (kind, sha256) => patiently(() => lengthOf(place, kind, sha256)),
    open: (kind, file, range) => patiently(() => openObject(place, kind, file, range)),
    withFiles: (files, use) => withFiles(place, home, files, use),
    remove: (kind, sha256) => patiently(() => remove(place, kind, sha256)),
    check: () => check(place),
  };
}

export function keyOf(kind: ObjectKind, sha256: Buffer): string {
  const name = sha256.toString('hex');
  return kind === 'recordings' ? `recordings/${name.slice(0, 2)}/${name}` : `archives/${name}.zip`;
}

/** What the server has acknowledged, it keeps: there is nothing to settle. */
function openBatch(place: S3Place): ObjectBatch {
  return {
    async keep(source) {
      const bytes = inMemory(source);
      if (bytes === null) return keepPath(place, 'recordings', String(source), await digest(String(source), null));
      const file = { sha256: createHash('sha256').update(bytes).digest(), bytes: bytes.length };
      return keepNew(place, 'recordings', file, () => put(place, 'recordings', file, bytes));
    },
    async settle() {},
  };
}

async function keepPath(place: S3Place, kind: ObjectKind, path: string, file: StoredFile): Promise<KeptObject> {
  const send = file.bytes > partBytes ? putInParts : put;
  return keepNew(place, kind, file, () => send(place, kind, file, createReadStream(path)));
}

async function keepNew(
  place: S3Place,
  kind: ObjectKind,
  file: StoredFile,
  send: () => Promise<void>,
): Promise<KeptObject> {
  if ((await patiently(() => lengthOf(place, kind, file.sha256))) === file.bytes) return { ...file, isNew: false };
  await patiently(send);
  return { ...file, isNew: true };
}

async function lengthOf({ bucket, ...rest }: S3Place, kind: ObjectKind, sha256: Buffer): Promise<number | null> {
  const { sdk, client } = await s3At({ bucket, ...rest });
  try {
    const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: keyOf(kind, sha256) }));
    return head.ContentLength ?? null;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function remove(place: S3Place, kind: ObjectKind, sha256: Buffer): Promise<void> {
  const { sdk, client } = await s3At(place);
  await client.send(new sdk.DeleteObjectCommand({ Bucket: place.bucket, Key: keyOf(kind, sha256) }));
}

/** The server compares what it got with the digest, where it knows how. */
async function put(
  place: S3Place,
  kind: ObjectKind,
  { sha256, bytes }: StoredFile,
  body: Uint8Array | Readable,
): Promise<void> {
  const { sdk, client } = await s3At(place);
  const digestSent = { ChecksumSHA256: sha256.toString('base64') };
  const object = { Bucket: place.bucket, Key: keyOf(kind, sha256), Body: body, ContentLength: bytes };
  await client.send(new sdk.PutObjectCommand({ ...object, ...digestSent }));
}

async function putInParts(place: S3Place, kind: ObjectKind, { sha256 }: StoredFile, body: Readable): Promise<void> {
  const [{ client }, { Upload }] = await Promise.all([s3At(place), import('@aws-sdk/lib-storage')]);
  const params = { Bucket: place.bucket, Key: keyOf(kind, sha256), Body: body };
  // What was sent of an upload that failed is given up at the server, too.
  await new Upload({ client, params, partSize: partBytes, queueSize: 2, leavePartsOnError: false }).done();
}

async function keepPieces(
  place: S3Place,
  home: string,
  kind: ObjectKind,
  pieces: AsyncIterable<Uint8Array>,
): Promise<StoredFile> {
  return inScratch(home, async (folder) => {
    const path = join(folder, 'object');
    const handle = await open(path, 'wx', 0o600);
    const file = await pour(pieces, handle).finally(() => handle.close());
    await keepPath(place, kind, path, file);
    return file;
  });
}

async function openObject(place: S3Place, kind: ObjectKind, file: StoredFile, range?: ByteRange): Promise<Readable> {
  const { sdk, client } = await s3At(place);
  const key = keyOf(kind, file.sha256);
  const asked = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
  const found = await client.send(new sdk.GetObjectCommand({ Bucket: place.bucket, Key: key, ...asked }));
  const body = found.Body as Readable;
  const whole = range === undefined ? found.ContentLength : Number(found.ContentRange?.split('/')[1]);
  if (whole !== file.bytes) {
    body.destroy();
    throw new SpoiledObjectError(`${key} has ${whole} bytes where ${file.bytes} were stored`);
  }
  return range === undefined ? verified(body, file.sha256, key) : body;
}

/** The same pieces; fails at their end where they are not what the digest names. */
function verified(pieces: AsyncIterable<Uint8Array>, sha256: Buffer, name: string): Readable {
  const check = async function* () {
    const hash = createHash('sha256');
    for await (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
    if (!hash.digest().equals(sha256))
      throw new SpoiledObjectError(`${name} does not hold the bytes that it is named by`);
  };
  return Readable.from(check(), { objectMode: false });
}

async function withFiles<Result>(
  place: S3Place,
  home: string,
  files: readonly StoredFile[],
  use: (paths: string[]) => Promise<Result>,
): Promise<Result> {
  return inScratch(home, async (folder) => {
    const paths = files.map(({ sha256 }) => join(folder, sha256.toString('hex')));
    let next = 0;
    const work = async () => {
      for (let i = next++; i < files.length; i = next++) await fetchTo(place, files[i]!, paths[i]!);
    };
    await Promise.all(Array.from({ length: lanes }, work));
    return use(paths);
  });
}

async function fetchTo(place: S3Place, file: StoredFile, path: string): Promise<void> {
  await patiently(async () => {
    const handle = await open(path, 'w', 0o600);
    const fetched = async () => pour(await openObject(place, 'recordings', file), handle);
    await fetched().finally(() => handle.close());
  });
}

/** A folder that is gone afterwards. Whoever cannot ask for its owner sees by its time that it is in use. */
async function inScratch<Result>(home: string, use: (folder: string) => Promise<Result>): Promise<Result> {
  const scratch = join(home, 'scratch');
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(scratch, scratchPrefix()));
  const inUse = () => void utimes(folder, new Date(), new Date()).catch(() => {});
  const timer = setInterval(inUse, 3_600_000).unref();
  return use(folder).finally(() => {
    clearInterval(timer);
    return rm(folder, { recursive: true, force: true });
  });
}

async function check(place: S3Place): Promise<void> {
  const key = { Bucket: place.bucket, Key: `checks/${randomUUID()}` };
  // Keys are given rights by these names.
  let action = 's3:PutObject';
  try {
    const { sdk, client } = await s3At(place);
    const probe = async () => {
      action = 's3:PutObject';
      await client.send(new sdk.PutObjectCommand({ ...key, Body: 'rostrum' }));
      action = 's3:GetObject';
      const found = await client.send(new sdk.GetObjectCommand(key));
      if ((await found.Body?.transformToString()) !== 'rostrum')
        throw new Error('what was written is not what is read');
      action = 's3:DeleteObject';
      await client.send(new sdk.DeleteObjectCommand(key));
    };
    await patiently(probe, [200, 600]);
  } catch (error) {
    throw troubleOf(place, action, error);
  }
}
