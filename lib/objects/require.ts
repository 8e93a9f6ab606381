import { log } from '#lib/log.ts';
import { ObjectStoreError } from '#lib/objects/s3-client.ts';
import { type ObjectPlace, objectStore } from '#lib/objects.ts';

/**
 * At the start of web and worker: throws ObjectStoreError where the bucket is not there or the key may not use it. A server that does
 * not answer just now is logged and waited for, as it would be later.
 */
export async function requireObjects(place: ObjectPlace): Promise<void> {
  if (place.s3 === null) return;
  try {
    await objectStore(place).check();
  } catch (error) {
    if (!(error instanceof ObjectStoreError) || error.code !== 'unreachable') throw error;
    log.error({ err: error }, 'the object store does not answer');
  }
}
