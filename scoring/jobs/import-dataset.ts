import { existsSync, realpathSync } from 'node:fs';
import { type ImportOutcome, importDataset } from '#lib/datasets/import.ts';
import type { Database } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { claimImport, type ImportEnd, recordImportEnd, recordImportProgress } from '#lib/db/import-jobs.ts';
import type { Import } from '#lib/db/imports.ts';
import { RefusedError } from '#lib/errors.ts';
import { isInside } from '#lib/import-path.ts';
import { log } from '#lib/log.ts';

const leaseSeconds = 30;
const showEveryMs = 2_000;

/** The folders of this machine that an import concerns: where data is kept, and the one it may come from. */
export type ImportFolders = { home: string; importFolder: string };

/** Does an import that an organiser asked for. It can be stopped at any moment: the next attempt begins with what is kept. */
export async function runImport(db: Database, id: string, folders: ImportFolders): Promise<void> {
  const claim = await claimImport(db, id, leaseSeconds);
  if (claim === null) return;
  let progress = { done: 0, total: 0 };
  const timer = setInterval(() => {
    recordImportProgress(db, claim, progress, leaseSeconds).catch((error: unknown) => {
      log.warn({ err: error, importId: id }, 'progress not recorded');
    });
  }, showEveryMs);
  const end = await importFrom(db, claim, folders, ({ done, total }) => {
    progress = { done, total };
  }).finally(() => clearInterval(timer));
  await recordImportProgress(db, claim, progress, leaseSeconds);
  await recordImportEnd(db, claim, end);
}

async function importFrom(
  db: Database,
  claim: Import,
  { home, importFolder }: ImportFolders,
  onProgress: (progress: { done: number; total: number }) => void,
): Promise<ImportEnd> {
  try {
    const path = realPlaceWithin(importFolder, claim.path);
    const competition = await getCompetitionById(db, claim.competitionId);
    const act = { actorId: claim.requestedBy, reason: 'import' };
    return endOf(
      await importDataset(db, competition, { ...claim.options, path, home, within: importFolder, act, onProgress }),
    );
  } catch (error) {
    if (error instanceof RefusedError) return { state: 'failed', code: error.code, problems: [] };
    log.error({ err: error, importId: claim.id }, 'import failed');
    return { state: 'failed', code: 'internal', problems: [] };
  }
}

/** Links on the way may lead out of the folder: only the real place counts. */
function realPlaceWithin(folder: string, path: string): string {
  if (!existsSync(path)) throw new RefusedError('dataset-not-found', 422, { path });
  const place = realpathSync(path);
  if (!isInside(realpathSync(folder), place)) throw new RefusedError('import-outside', 422);
  return place;
}

function endOf(outcome: ImportOutcome): ImportEnd {
  if (outcome.status !== 'refused') return { state: 'done' };
  return { state: 'failed', code: 'problems', problems: outcome.reports.flatMap((report) => report.problems.problems) };
}
