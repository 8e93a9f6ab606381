import { setTimeout as pause } from 'node:timers/promises';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** A bucket of an S3-compatible server, with the key that Rostrum has there. */
export type S3Place = {
  /** The server; a bucket is a path below it, or with `pathStyle` false a name before it. */
  endpoint: string;
  region: string;
  bucket: string;
  keyId: string;
  secret: string;
  pathStyle: boolean;
};

/** Why the bucket cannot be used; `refused`: the server does not take our key, or not for this. */
export type ObjectStoreTrouble = 'refused' | 'no-bucket' | 'unreachable';

export class ObjectStoreError extends Error {
  readonly code: ObjectStoreTrouble;
  /** For the sentence that is made of the code. */
  readonly values: { endpoint: string; bucket: string; reason: string };

  constructor(code: ObjectStoreTrouble, { endpoint, bucket }: S3Place, action: string, cause: unknown) {
    const [what] = (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)).split('\n');
    const reason = `${action}: ${what}`;
    super(`object store ${code}: bucket ${bucket} at ${endpoint}: ${reason}`, { cause });
    this.name = 'ObjectStoreError';
    this.code = code;
    this.values = { endpoint, bucket, reason };
  }
}

type Sdk = typeof import('@aws-sdk/client-s3');
export type S3 = { sdk: Sdk; client: S3Client };

/** What is under a key is not what was kept there. */
export class SpoiledObjectError extends Error {}

/** One client for each place, with its kept connections. */
const clients = new Map<string, Promise<S3>>();

/** The SDK takes a while to read and many never need it: it is loaded when something is first asked. */
export function s3At(place: S3Place): Promise<S3> {
  const key = JSON.stringify(place);
  const known = clients.get(key) ?? connect(place);
  clients.set(key, known);
  return known;
}

async function connect({ endpoint, region, keyId, secret, pathStyle }: S3Place): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3');
  // Who downloads over a slow line keeps a connection to the store for as long.
  const agent = { keepAlive: true, maxSockets: 500 };
  const client = new sdk.S3Client({
    endpoint,
    region,
    forcePathStyle: pathStyle,
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 60_000, httpAgent: agent, httpsAgent: agent },
    // We repeat by ourselves: a body that was begun cannot be sent again from its middle.
    maxAttempts: 1,
    // Every object is checked by the SHA-256 that names it, and servers other than Amazon's know no other trailers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

/** Between the first try and the last lie about half a minute, in which a server starts again. */
const pausesMs = [100, 200, 400, 800, 1_600, 3_200, 6_000, 9_000, 9_000];

/** Tries again what failed for reasons that pass. What can never work is thrown at once. */
export async function patiently<Result>(task: () => Promise<Result>, pauses: readonly number[] = pausesMs) {
  for (const milliseconds of pauses) {
    try {
      return await task();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await pause(milliseconds);
    }
  }
  return task();
}

function mayPass(error: unknown): boolean {
  if (error instanceof SpoiledObjectError) return false;
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
  const status = statusOf(error);
  return status === null || status >= 500 || status === 408 || status === 429;
}

/** Null where no answer came. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && '$metadata' in error
    ? ((error as S3ServiceException).$metadata.httpStatusCode ?? null)
    : null;
}

/** The error of a first contact, at an action such as s3:PutObject, in words that say what to mend. */
export function troubleOf(place: S3Place, action: string, error: unknown): ObjectStoreError {
  const isOfBucket = error instanceof Error && error.name === 'NoSuchBucket';
  if (isOfBucket) return new ObjectStoreError('no-bucket', place, action, error);
  const status = statusOf(error);
  // What is not found without naming the bucket was not asked of a store.
  const isRefused = status !== null && status < 500 && ![404, 408, 429].includes(status);
  return new ObjectStoreError(isRefused ? 'refused' : 'unreachable', place, action, error);
}
