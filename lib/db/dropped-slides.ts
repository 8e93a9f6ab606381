import { eq, inArray, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { defenceTalks, droppedSlides } from '#lib/db/schema.ts';

/*
 * Slides that a team replaced or took back, or that went with a person who was erased, leave the object store, too. Their bytes may be
 * another team's as well, or be sent anew at any moment: whoever removes an object holds its row here, and whoever refers to one deletes it.
 */

/** Slides of these teams are no longer theirs from now on; for the transaction that takes them away. */
export async function dropSlides(tx: Connection, teamIds: readonly string[]): Promise<void> {
  if (teamIds.length === 0) return;
  const noSlides = { slidesSha256: null, slidesBytes: null, slidesName: null };
  const had = await tx
    .select({ sha256: defenceTalks.slidesSha256 })
    .from(defenceTalks)
    .where(inArray(defenceTalks.teamId, [...teamIds]))
    .for('update');
  await tx
    .update(defenceTalks)
    .set(noSlides)
    .where(inArray(defenceTalks.teamId, [...teamIds]));
  const gone = had.flatMap(({ sha256 }) => (sha256 === null ? [] : [{ sha256 }]));
  if (gone.length === 0) return;
  const set = { droppedAt: sql`clock_timestamp()` };
  await tx.insert(droppedSlides).values(gone).onConflictDoUpdate({ target: droppedSlides.sha256, set });
}

/** The object is somebody's from now on. Waits for whoever is removing it: afterwards it has to be kept once more. */
export async function claimSlides(tx: Connection, sha256: Buffer): Promise<void> {
  await tx.delete(droppedSlides).where(eq(droppedSlides.sha256, sha256));
}

/** Has `remove` remove every object that was dropped an hour ago and that nobody has. Returns how many that were. */
export async function removeDroppedSlides(db: Connection, remove: (sha256: Buffer) => Promise<void>): Promise<number> {
  let removed = 0;
  for (const sha256 of await listDue(db)) if (await db.transaction((tx) => removeOne(tx, sha256, remove))) removed += 1;
  return removed;
}

async function listDue(db: Connection): Promise<Buffer[]> {
  const due = sql`${droppedSlides.droppedAt} < clock_timestamp() - interval '1 hour'`;
  return (await db.select().from(droppedSlides).where(due)).map(({ sha256 }) => sha256);
}

/** The row goes with the object: a process that dies in between leaves it for the next. */
async function removeOne(tx: Connection, sha256: Buffer, remove: (sha256: Buffer) => Promise<void>): Promise<boolean> {
  const held = await tx
    .select()
    .from(droppedSlides)
    .where(eq(droppedSlides.sha256, sha256))
    .for('update', { skipLocked: true });
  if (held.length === 0) return false;
  const { rows } = await tx.execute<{ isUsed: boolean }>(sql`
    select exists (select from defence_talks where slides_sha256 = ${sha256})
      or exists (select from utterances where sha256 = ${sha256}) as "isUsed"`);
  const isUsed = rows[0]!.isUsed;
  if (!isUsed) await remove(sha256);
  await tx.delete(droppedSlides).where(eq(droppedSlides.sha256, sha256));
  return !isUsed;
}
