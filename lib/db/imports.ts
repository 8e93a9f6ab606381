import { and, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { ManifestFormat } from '#lib/datasets/manifest.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { requireLicence } from '#lib/db/competitions.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { competitions, imports } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

export type Import = typeof imports.$inferSelect;

/** What is wanted of an import, as `prepareDataset` takes it. Keys that are absent are left to the manifest. */
export type ImportOptions = {
  format?: ManifestFormat | undefined;
  split?: 'train' | 'dev' | 'test' | undefined;
  speakerKey?: string | undefined;
  groupKey?: string | undefined;
};

/**
 * Asks the worker to import what lies at `path`, which it checks against the folder that imports are allowed from; or an archive that
 * was uploaded, `path` being its name.
 */
export async function createImport(
  db: Connection,
  wanted: { competitionId: string; path: string; uploadId?: string; options: ImportOptions },
  actorId: string,
): Promise<Import> {
  const { competitionId } = wanted;
  return db.transaction(async (tx) => {
    await requireImportable(tx, competitionId);
    const created = one(
      await tx
        .insert(imports)
        .values({ ...wanted, requestedBy: actorId })
        .returning(),
      'import',
      wanted.path,
    );
    await enqueue(tx, { kind: 'import-dataset', id: created.id });
    // What somebody calls a file on their own machine is no business of a log that keeps it for good.
    const details = { ...(wanted.uploadId === undefined && { path: wanted.path }), ...wanted.options };
    await recordEvent(tx, { actorId, competitionId, kind: 'import-requested', subject: created.id, details });
    return created;
  });
}

/**
 * Holds the competition for the rest of the transaction. Refuses with 'import-running' while another import is under way, and with
 * 'licence-missing' where everybody could see the data at once, and not whose they are.
 */
export async function requireImportable(tx: Connection, competitionId: string): Promise<void> {
  const locked = await tx.select().from(competitions).where(eq(competitions.id, competitionId)).for('no key update');
  requireLicence(one(locked, 'competition', competitionId));
  const underWay = await tx
    .select({ id: imports.id })
    .from(imports)
    .where(and(eq(imports.competitionId, competitionId), inArray(imports.state, ['queued', 'running'])));
  if (underWay.length > 0) throw new RefusedError('import-running', 409);
}

/** `seconds`: since it started, in real time as the worker's; null before. */
export type ImportView = Import & { seconds: number | null };

/** The last ones, newest first. */
export async function listImports(db: Connection, competitionId: string): Promise<ImportView[]> {
  const seconds = sql<number | null>`extract(epoch from clock_timestamp() - ${imports.startedAt})::double precision`;
  return db
    .select({ ...getTableColumns(imports), seconds })
    .from(imports)
    .where(eq(imports.competitionId, competitionId))
    .orderBy(desc(imports.createdAt))
    .limit(10);
}
