import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { archiveLimits, removeUpload, sweepUploads } from '#lib/archive-uploads.ts';
import { deleteUpload, forgetOldUploads } from '#lib/db/archive-uploads.ts';
import type { Database } from '#lib/db/client.ts';
import { claimImport, type ImportEnd, recordImportEnd, recordImportProgress } from '#lib/db/import-jobs.ts';
import { giveBackJob } from '#lib/db/jobs.ts';
import { ConnectionLostError } from '#lib/db/lost-connection.ts';
import { log } from '#lib/log.ts';
import type { ObjectPlace } from '#lib/objects.ts';
import { dist } from '#scoring/dist.ts';
import { holdClaim } from '#scoring/jobs/hold.ts';
import type { ImportMessage, ImportTask } from '#scoring/jobs/import-thread.ts';

const leaseSeconds = 30;
const showEveryMs = 2_000;
/** A hundred thousand utterances take half of it; what may be taken is taken before anything is collected. */
const heapMegabytes = 768;

/** Where data is kept, and the folder of this machine that it may come from. */
export type ImportFolders = ObjectPlace & { importFolder: string };

/**
 * Does an import that an organiser asked for, in a thread, so that files are scored meanwhile as fast as ever. It can be stopped at
 * any moment: the next attempt begins with what is kept.
 */
export async function runImport(
  db: Database,
  databaseUrl: string,
  id: string,
  folders: ImportFolders,
  stopping?: AbortSignal,
): Promise<void> {
  const claim = await claimImport(db, id, leaseSeconds);
  if (claim === null) return;
  const { home, s3, importFolder } = folders;
  let progress = { done: 0, total: 0 };
  const hold = holdClaim({
    about: { kind: 'import-dataset', id, attempt: claim.attempt },
    renewEveryMs: showEveryMs,
    renew: () => recordImportProgress(db, claim, progress, leaseSeconds),
    giveBack: () => giveBackJob(db, { kind: 'import-dataset', id }, claim.attempt),
    stopping,
  });
  const work = async () => {
    const task: ImportTask = { claim, databaseUrl, folders: { home, s3, importFolder } };
    const end = await importInThread(task, hold.signal, (made) => {
      progress = made;
    });
    await hold.renew();
    await recordImportEnd(db, claim, end);
    if (claim.uploadId === null) return;
    await removeUpload(folders, claim.uploadId);
    await deleteUpload(db, claim.uploadId);
  };
  await hold.until(work(), async () => {
    await recordImportEnd(db, claim, internalError);
    return 'failed';
  });
}

const internalError: ImportEnd = { state: 'failed', code: 'internal', problems: [] };

/** Removes archives that nobody goes on with, and what is left of them on the disk. */
export async function sweepArchiveUploads(db: Database, place: ObjectPlace): Promise<void> {
  await sweepUploads(place, () => forgetOldUploads(db, archiveLimits.hours));
}

/** How the import ended. Throws ConnectionLostError where the thread lost the database, and the reason of `signal` where that is aborted. */
async function importInThread(
  task: ImportTask,
  signal: AbortSignal,
  onProgress: (progress: { done: number; total: number }) => void,
): Promise<ImportEnd> {
  const thread = new Worker(join(dist, 'import-thread.mjs'), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  signal.addEventListener('abort', () => void thread.terminate());
  const end = await new Promise<ImportEnd>((resolve, reject) => {
    thread.on('message', (message: ImportMessage) => {
      if ('end' in message) resolve(message.end);
      else if ('lost' in message) reject(new ConnectionLostError(message.lost));
      else onProgress(message.progress);
    });
    thread.on('error', (error) => log.error({ err: error, importId: task.claim.id }, 'import failed'));
    thread.on('exit', () => resolve(internalError));
  });
  signal.throwIfAborted();
  return end;
}
