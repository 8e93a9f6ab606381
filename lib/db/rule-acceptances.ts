import { and, desc, eq } from 'drizzle-orm';
import { type Competition, isOpen, windows } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { holdCompetition } from '#lib/db/competition-lock.ts';
import { findRole, type Viewer } from '#lib/db/competitions.ts';
import { ruleAcceptances } from '#lib/db/schema.ts';
import { ForbiddenError, RefusedError } from '#lib/errors.ts';

/*
 * Who takes part: whoever accepted the rules of a competition, by which version of them, and what that opens.
 */

/** When the person last accepted the rules, and which version of them. */
export async function findAcceptance(
  db: Connection,
  competitionId: string,
  userId: string,
): Promise<{ rulesVersion: number; acceptedAt: Date } | null> {
  const rows = await db
    .select({ rulesVersion: ruleAcceptances.rulesVersion, acceptedAt: ruleAcceptances.acceptedAt })
    .from(ruleAcceptances)
    .where(and(eq(ruleAcceptances.competitionId, competitionId), eq(ruleAcceptances.userId, userId)))
    .orderBy(desc(ruleAcceptances.rulesVersion))
    .limit(1);
  return rows[0] ?? null;
}

/** Whether the person accepted the rules as they stand now. */
export async function hasAcceptedRules(db: Connection, competition: Competition, userId: string): Promise<boolean> {
  const rows = await db
    .select({ version: ruleAcceptances.rulesVersion })
    .from(ruleAcceptances)
    .where(
      and(
        eq(ruleAcceptances.competitionId, competition.id),
        eq(ruleAcceptances.userId, userId),
        eq(ruleAcceptances.rulesVersion, competition.rulesVersion),
      ),
    );
  return rows.length > 0;
}

/**
 * Registers a person: their acceptance of the rules as they stand is recorded with its instant. Only while registration is
 * open; who registered earlier may accept changed rules at any time. `seenVersion` is what the person had before their eyes:
 * 'rules-changed' where that is no longer what stands.
 */
export async function acceptRules(
  db: Connection,
  competitionId: string,
  userId: string,
  seenVersion?: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const competition = await holdCompetition(tx, competitionId);
    const { rulesVersion } = competition;
    if (seenVersion !== undefined && seenVersion !== rulesVersion) throw new RefusedError('rules-changed', 409);
    const earlier = await findAcceptance(tx, competitionId, userId);
    if (earlier?.rulesVersion === rulesVersion) return;
    const now = await readClock(tx);
    if (earlier === null && !isOpen(windows(competition).registration, now)) {
      throw new ForbiddenError('registration-closed');
    }
    const accepted = await tx
      .insert(ruleAcceptances)
      .values({ competitionId, userId, rulesVersion, acceptedAt: now })
      .onConflictDoNothing()
      .returning();
    // Pressed twice at once: the second press finds the first one's row, and there was one acceptance.
    if (accepted.length === 0) return;
    const details = { rulesVersion };
    await recordEvent(tx, { actorId: userId, competitionId, kind: 'rules-accepted', subject: userId, details });
  });
}

/** Whether recordings are open to the person: after the rules, and to those who run the competition. */
export async function mayReadData(db: Connection, competition: Competition, user: Viewer): Promise<boolean> {
  return (
    user.isAdministrator ||
    (await hasAcceptedRules(db, competition, user.id)) ||
    (await findRole(db, competition.id, user.id)) !== null
  );
}
