import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import { deskOpenings } from '#lib/db/schema.ts';

/*
 * For which competitions the desk of labels answers where it does so on request. The owner alone writes here: neither the web nor the
 * scoring side can open it.
 */

/** For so many hours from now, or until it is closed (`hours` null). What stood before is replaced. Returns when it ends. */
export async function openDeskOf(db: Connection, competitionId: string, hours: number | null): Promise<Date | null> {
  return db.transaction(async (tx) => {
    const openedAt = sql`clock_timestamp()`;
    const closesAt = hours === null ? null : sql`clock_timestamp() + make_interval(hours => ${hours})`;
    const rows = await tx
      .insert(deskOpenings)
      .values({ competitionId, openedAt, closesAt })
      .onConflictDoUpdate({ target: deskOpenings.competitionId, set: { openedAt, closesAt } })
      .returning({ closesAt: deskOpenings.closesAt });
    const details = { hours };
    await recordEvent(tx, { actorId: null, competitionId, kind: 'desk-opened', subject: competitionId, details });
    return rows[0]?.closesAt ?? null;
  });
}

/** False where it was closed already. */
export async function closeDeskOf(db: Connection, competitionId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const wasOpen = await isDeskOpen(tx, competitionId);
    await tx.delete(deskOpenings).where(eq(deskOpenings.competitionId, competitionId));
    if (wasOpen) await recordEvent(tx, { actorId: null, competitionId, kind: 'desk-closed', subject: competitionId });
    return wasOpen;
  });
}

/** By the server's own clock: that of the rules can be moved. For the scoring side and the owner. */
export async function isDeskOpen(db: Connection, competitionId: string): Promise<boolean> {
  const rows = await db
    .select({ competitionId: deskOpenings.competitionId })
    .from(deskOpenings)
    .where(
      and(
        eq(deskOpenings.competitionId, competitionId),
        or(isNull(deskOpenings.closesAt), gt(deskOpenings.closesAt, sql`clock_timestamp()`)),
      ),
    );
  return rows.length > 0;
}
