import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { archiveLimits, removeUpload, sweepUploads } from '#lib/archive-uploads.ts';
import { deleteUpload, forgetOldUploads } from '#lib/db/archive-uploads.ts';
import type { Database } from '#lib/db/client.ts';
import { claimImport, type ImportEnd, recordImportEnd, recordImportProgress } from '#lib/db/import-jobs.ts';
import { log } from '#lib/log.ts';
import type { ObjectPlace } from '#lib/objects.ts';
import { dist } from '#scoring/dist.ts';
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
export async function runImport(db: Database, databaseUrl: string, id: string, folders: ImportFolders): Promise<void> {
  const claim = await claimImport(db, id, leaseSeconds);
  if (claim === null) return;
  const { home, s3, importFolder } = folders;
  const task: ImportTask = { claim, databaseUrl, folders: { home, s3, importFolder } };
  const end = await importInThread(db, task);
  if (end === null) return;
  await recordImportEnd(db, claim, end);
  if (claim.uploadId === null) return;
  await removeUpload(folders, claim.uploadId);
  await deleteUpload(db, claim.uploadId);
}

/** Removes archives that nobody goes on with, and what is left of them on the disk. */
export async function sweepArchiveUploads(db: Database, place: ObjectPlace): Promise<void> {
  const known = await forgetOldUploads(db, archiveLimits.hours);
  await sweepUploads(place, (id) => known.has(id));
}

/** How the import ended; null where it is another attempt's by now. */
async function importInThread(db: Database, task: ImportTask): Promise<ImportEnd | null> {
  const { claim } = task;
  const thread = new Worker(join(dist, 'import-thread.mjs'), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  let progress = { done: 0, total: 0 };
  let isLost = false;
  const renew = async () => {
    if (await recordImportProgress(db, claim, progress, leaseSeconds)) return;
    isLost = true;
    await thread.terminate();
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => log.warn({ err: error, importId: claim.id }, 'progress not recorded'));
  }, showEveryMs);
  const end = await new Promise<ImportEnd>((resolve) => {
    thread.on('message', (message: ImportMessage) => {
      if ('end' in message) resolve(message.end);
      else progress = message.progress;
    });
    thread.on('error', (error) => log.error({ err: error, importId: claim.id }, 'import failed'));
    thread.on('exit', () => resolve({ state: 'failed', code: 'internal', problems: [] }));
  }).finally(() => clearInterval(timer));
  if (isLost) return null;
  await renew();
  return isLost ? null : end;
}
