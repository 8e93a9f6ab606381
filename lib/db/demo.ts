import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { submissions, teams } from '#lib/db/schema.ts';
import { createUser, type NewUser, recordPassword, type User } from '#lib/db/users.ts';

/** What only the demo needs: everything else it does through the functions that people's own acts go through. */

/** An account of the demo with this password, whatever it had before. Refuses an account that a person made. */
export async function ensureDemoUser(
  db: Connection,
  person: Pick<NewUser, 'address' | 'name' | 'language' | 'isAdministrator'>,
  passwordHash: string,
): Promise<User> {
  return db.transaction(async (tx) => {
    const { user, isNew } = await createUser(tx, { ...person, passwordHash, isDemo: true });
    if (!user.isDemo) throw new Error(`${person.address.email} belongs to a person, not to the demo`);
    if (!isNew) await recordPassword(tx, user.id, passwordHash);
    return user;
  });
}

/** From then on the board and the team's page say that nobody is behind it. */
export async function markAsDemo(db: Connection, competitionId: string, teamId: string): Promise<void> {
  await db
    .update(teams)
    .set({ isDemo: true })
    .where(and(eq(teams.competitionId, competitionId), eq(teams.id, teamId)));
}

/** Whether a baseline of the split was pinned, or asked of the worker, however that ended. */
export async function hasBaseline(db: Connection, competitionId: string, split: 'test' | 'dev'): Promise<boolean> {
  const { rows } = await db.execute<{ found: boolean }>(sql`
    select exists (select from baseline_runs where competition_id = ${competitionId} and split = ${split})
      or exists (
        select from submissions s join teams t on t.id = s.team_id
        where s.competition_id = ${competitionId} and s.split = ${split} and t.kind = 'baseline') as found`);
  return rows[0]!.found;
}

/** Which of these idempotency keys uploads to the competition came with. */
export async function findUploadKeys(
  db: Connection,
  competitionId: string,
  keys: readonly string[],
): Promise<Set<string | null>> {
  const rows = await db
    .select({ key: submissions.idempotencyKey })
    .from(submissions)
    .where(and(eq(submissions.competitionId, competitionId), inArray(submissions.idempotencyKey, [...keys])));
  return new Set(rows.map(({ key }) => key));
}
