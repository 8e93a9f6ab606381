import { and, eq, inArray, isNotNull, notInArray, or, sql } from 'drizzle-orm';
import { type Connection, one } from '#lib/db/client.ts';
import { createImport, type Import, type ImportOptions, requireImportable } from '#lib/db/imports.ts';
import { archiveUploads, imports } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

export type ArchiveUpload = typeof archiveUploads.$inferSelect;

/** An upload as its sender names it: only they go on with it. */
export type OwnUpload = { id: string; competitionId: string; requestedBy: string };

/** What is still to come of all uploads, in bytes: promised space of the disk. */
export async function promisedBytes(db: Connection): Promise<number> {
  const [sum] = await db
    .select({ bytes: sql<string>`coalesce(sum(${archiveUploads.bytes} - ${archiveUploads.received}), 0)` })
    .from(archiveUploads);
  return Number(sum!.bytes);
}

/** Notes an upload that begins. Refuses what could not be imported once it is there. */
export async function createArchiveUpload(
  db: Connection,
  upload: { competitionId: string; requestedBy: string; fileName: string; bytes: number },
): Promise<ArchiveUpload> {
  return db.transaction(async (tx) => {
    await requireImportable(tx, upload.competitionId);
    return one(await tx.insert(archiveUploads).values(upload).returning(), 'upload', upload.fileName);
  });
}

/**
 * Takes the next part: `write` puts it on the disk while nobody else can. Refuses with 'upload-offset' and how much is here where it
 * is not the next one, so that who does not know whether a part came through can ask by sending it again.
 */
export async function receivePart(
  db: Connection,
  upload: OwnUpload,
  part: { offset: number; bytes: number },
  write: () => Promise<void>,
): Promise<ArchiveUpload> {
  return db.transaction(async (tx) => {
    const { bytes, received } = await lock(tx, upload);
    if (part.offset !== received) throw new RefusedError('upload-offset', 409, { received });
    if (part.bytes === 0 || received + part.bytes > bytes) throw new RefusedError('upload-size', 422, { bytes });
    await write();
    const rows = await tx
      .update(archiveUploads)
      .set({ received: received + part.bytes, touchedAt: sql`clock_timestamp()` })
      .where(eq(archiveUploads.id, upload.id))
      .returning();
    return one(rows, 'upload', upload.id);
  });
}

/** Asks the worker to import an upload that is whole; a second time, returns that import. */
export async function importUpload(db: Connection, upload: OwnUpload, options: ImportOptions): Promise<Import> {
  return db.transaction(async (tx) => {
    const { fileName, bytes, received } = await lock(tx, upload);
    const [before] = await tx.select().from(imports).where(eq(imports.uploadId, upload.id));
    if (before !== undefined) return before;
    if (received !== bytes) throw new RefusedError('upload-incomplete', 409, { received, bytes });
    const wanted = { competitionId: upload.competitionId, path: fileName, uploadId: upload.id, options };
    return createImport(tx, wanted, upload.requestedBy);
  });
}

/** Forgets an upload that is not being imported. `remove` takes its file away. */
export async function dropUpload(db: Connection, upload: OwnUpload, remove: () => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    await lock(tx, upload);
    const [before] = await tx.select().from(imports).where(eq(imports.uploadId, upload.id));
    if (before !== undefined) throw new RefusedError('upload-imported', 409);
    await tx.delete(archiveUploads).where(eq(archiveUploads.id, upload.id));
    await remove();
  });
}

async function lock(tx: Connection, { id, competitionId, requestedBy }: OwnUpload): Promise<ArchiveUpload> {
  const mine = and(
    eq(archiveUploads.id, id),
    eq(archiveUploads.competitionId, competitionId),
    eq(archiveUploads.requestedBy, requestedBy),
  );
  return one(await tx.select().from(archiveUploads).where(mine).for('update'), 'upload', id);
}

export async function deleteUpload(db: Connection, id: string): Promise<void> {
  await db.delete(archiveUploads).where(eq(archiveUploads.id, id));
}

/**
 * Of somebody who is erased: what they have begun to send is given up, and what is being imported is called by a name of nobody's. For the
 * transaction that erases them.
 */
export async function dropUploadsOf(tx: Connection, userId: string): Promise<void> {
  const theirs = eq(archiveUploads.requestedBy, userId);
  await tx.select({ id: archiveUploads.id }).from(archiveUploads).where(theirs).for('update');
  await tx.delete(archiveUploads).where(and(theirs, notInArray(archiveUploads.id, importsIn(tx, underWay))));
  await tx.update(archiveUploads).set({ fileName: 'archive.zip' }).where(theirs);
}

/**
 * Forgets the uploads whose import is over, and those that nothing has come of for `hours`; returns the ids of those that stay, whose
 * files must stay, too.
 */
export async function forgetOldUploads(db: Connection, hours: number): Promise<Set<string>> {
  return db.transaction(async (tx) => {
    const isOver = inArray(archiveUploads.id, importsIn(tx, ['done', 'failed']));
    const isWaited = notInArray(archiveUploads.id, importsIn(tx, underWay));
    const isOld = sql`${archiveUploads.touchedAt} < clock_timestamp() - make_interval(hours => ${hours})`;
    await tx.delete(archiveUploads).where(or(isOver, and(isOld, isWaited)));
    const rows = await tx.select({ id: archiveUploads.id }).from(archiveUploads);
    return new Set(rows.map(({ id }) => id));
  });
}

const underWay: Import['state'][] = ['queued', 'running'];

/** The uploads that imports in these states are of. */
function importsIn(tx: Connection, states: Import['state'][]) {
  return tx
    .select({ id: imports.uploadId })
    .from(imports)
    .where(and(isNotNull(imports.uploadId), inArray(imports.state, states)));
}
