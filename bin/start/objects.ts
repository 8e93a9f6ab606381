import type { OwnerEnv } from '#lib/env.ts';
import { ObjectStoreError } from '#lib/objects/s3-client.ts';
import { objectStore } from '#lib/objects.ts';
import { Refusal } from './sentences.mjs';

/** Said before anything is served: a bucket that cannot be written is found by whoever uploads first, else. Throws Refusal. */
export async function requireBucket(env: OwnerEnv): Promise<void> {
  if (env.s3 === null) return;
  try {
    await objectStore(env).check();
  } catch (error) {
    if (error instanceof ObjectStoreError) throw new Refusal(`objects-${error.code}`, error.values, { cause: error });
    throw error;
  }
}
