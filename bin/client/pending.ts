import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ClientEnvironment } from './environment.mjs';
import { dropKept, readKept, writeKept } from './kept.ts';

/** What is sent and where: two uploads are one where all of it is equal. */
export type UploadIdentity = readonly [server: string, competition: string, query: string, sha256: string];

/** `forget` once the answer is known, whatever it is. */
export type PendingUpload = { key: string; forget(): void };

type Kept = { key: string; since: string };

/**
 * The Idempotency-Key of an upload, on disk before the first byte is sent: who was killed before the answer came, and sends the file
 * again, gets the first answer and is not charged twice.
 */
export function pendingUpload({ stateFolder }: ClientEnvironment, identity: UploadIdentity, now: Date): PendingUpload {
  const name = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
  const path = join(stateFolder, 'pending', `${name}.json`);
  const kept = readKept<Kept>(path);
  const key = kept?.key ?? randomUUID();
  if (kept === null) writeKept(path, { key, since: now.toISOString() } satisfies Kept);
  return { key, forget: () => dropKept(path) };
}
