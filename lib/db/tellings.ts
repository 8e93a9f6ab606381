import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';

/**
 * Takes the telling of something upon this transaction, in which its mails are written; false where it was told before. A second
 * process waits here for the first, and finds its row.
 */
export async function claimTelling(
  tx: Connection,
  { subject, kind, at }: { subject: string; kind: string; at: Date },
): Promise<boolean> {
  const { rowCount } = await tx.execute(sql`
    insert into mailed_events (subject, kind, at) values (${subject}, ${kind}, ${at}) on conflict do nothing`);
  return rowCount === 1;
}
