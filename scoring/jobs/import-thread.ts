import { existsSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { unpackUpload } from '#lib/archive-uploads.ts';
import { type ImportOutcome, importDataset } from '#lib/datasets/import.ts';
import { openDatabase } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import type { ImportEnd } from '#lib/db/import-jobs.ts';
import type { Import } from '#lib/db/imports.ts';
import { isConnectionLost } from '#lib/db/lost-connection.ts';
import { RefusedError } from '#lib/errors.ts';
import { isInside } from '#lib/import-path.ts';
import { log } from '#lib/log.ts';
import { ArchiveError } from '#lib/zip-names.ts';
import type { ImportFolders } from '#scoring/jobs/import-dataset.ts';

/*
 * What runs in the thread of scoring/jobs/import-dataset.ts, bundled as dist/import-thread.mjs: one import, with a connection of its
 * own, so that neither its computing nor its waiting holds up the scoring of files.
 */

export type ImportTask = { claim: Import; folders: ImportFolders; databaseUrl: string };
/** `lost`: what the connection to the database ended with, and nobody knows how the import has. */
export type ImportMessage = { progress: { done: number; total: number } } | { end: ImportEnd } | { lost: string };

const tell = (message: ImportMessage) => parentPort?.postMessage(message);
const tellEveryMs = 250;
let toldAt = 0;

/** The part of the time that each stage takes, about, so that progress is one way from nothing to all. */
const stages = { unpack: [0, 0.2], check: [0.2, 0.35], store: [0.35, 0.9], archive: [0.9, 1] } as const;

function onProgress(stage: keyof typeof stages, done: number, total: number): void {
  const now = performance.now();
  if (now - toldAt < tellEveryMs) return;
  toldAt = now;
  const [from, to] = stages[stage];
  tell({ progress: { done: Math.floor(total * from + done * (to - from)), total } });
}

async function run({ claim, folders, databaseUrl }: ImportTask): Promise<ImportMessage> {
  const db = openDatabase(databaseUrl, { name: 'rostrum-import', connections: 2 });
  try {
    const competition = await getCompetitionById(db, claim.competitionId);
    const { path, within } = await placeOf(claim, folders);
    const act = { actorId: claim.requestedBy, reason: 'import' };
    const options = { ...claim.options, path, within, place: folders, act };
    const outcome = await importDataset(db, competition, {
      ...options,
      onProgress: ({ stage, done, total }) => onProgress(stage, done, total),
    });
    return { end: endOf(outcome, within) };
  } catch (error) {
    if (isConnectionLost(error)) return { lost: String(error) };
    return { end: failureOf(claim, error) };
  } finally {
    await db.$client.end();
  }
}

function failureOf(claim: Import, error: unknown): ImportEnd {
  if (error instanceof ArchiveError) return { state: 'failed', code: 'archive', problems: [error.problem] };
  if (error instanceof RefusedError) return { state: 'failed', code: error.code, problems: [] };
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  if (isFull) return { state: 'failed', code: 'disk-full', problems: [] };
  log.error({ err: error, importId: claim.id }, 'import failed');
  return { state: 'failed', code: 'internal', problems: [] };
}

async function placeOf(claim: Import, folders: ImportFolders): Promise<{ path: string; within: string }> {
  if (claim.uploadId === null)
    return { path: realPlaceWithin(folders.importFolder, claim.path), within: folders.importFolder };
  const { folder, root } = await unpackUpload(folders, claim.uploadId, (done, total) =>
    onProgress('unpack', done, total),
  );
  return { path: folder, within: root };
}

/** Links on the way may lead out of the folder: only the real place counts. */
function realPlaceWithin(folder: string, path: string): string {
  if (!existsSync(path)) throw new RefusedError('dataset-not-found', 422, { path });
  const place = realpathSync(path);
  if (!isInside(realpathSync(folder), place)) throw new RefusedError('import-outside', 422);
  return place;
}

function endOf(outcome: ImportOutcome, within: string): ImportEnd {
  if (outcome.status === 'refused') {
    const problems = outcome.reports.flatMap((report) => report.problems.problems);
    return { state: 'failed', code: 'problems', problems };
  }
  const { sizes, kept, copied, reports } = outcome;
  const warnings = reports.flatMap(({ file, warnings }) =>
    warnings.map(({ places: _, ...warning }) => ({ file: relative(within, file), ...warning })),
  );
  return { state: 'done', report: { sizes, kept, copied, warnings } };
}

if (parentPort !== null) tell(await run(workerData as ImportTask));
