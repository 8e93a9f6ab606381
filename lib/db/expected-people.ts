import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';

/** Whether somebody who runs a course or a competition has named this address: on a roster, or asking its owner to help. */
export async function isExpected(db: Connection, emailKey: string): Promise<boolean> {
  const { rows } = await db.execute<{ expected: boolean }>(sql`
    select exists (select from role_invites where email_key = ${emailKey})
      or exists (select from course_students where email_key = ${emailKey} and removed_at is null) as expected`);
  return rows[0]!.expected;
}
