import { and, asc, eq } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import { identities, users } from '#lib/db/schema.ts';
import { type User, userColumns } from '#lib/db/users.ts';

/** Who somebody is to an outside service: `provider` is its address, `subject` what it calls them for good. */
export type Identity = { provider: string; subject: string };
export type LinkedIdentity = Identity & { createdAt: Date };

export async function findUserByIdentity(db: Connection, { provider, subject }: Identity): Promise<User | null> {
  const rows = await db
    .select(userColumns)
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.provider, provider), eq(identities.subject, subject)));
  return rows[0] ?? null;
}

/** The oldest first. */
export async function listIdentities(db: Connection, userId: string): Promise<LinkedIdentity[]> {
  const { provider, subject, createdAt } = identities;
  return db
    .select({ provider, subject, createdAt })
    .from(identities)
    .where(eq(identities.userId, userId))
    .orderBy(asc(createdAt), asc(subject));
}

/** Links an outside identity to an account. One that belongs to somebody already stays theirs: false. */
export async function createIdentity(tx: Connection, userId: string, identity: Identity): Promise<boolean> {
  const { provider, subject } = identity;
  const created = await tx
    .insert(identities)
    .values({ provider, subject, userId })
    .onConflictDoNothing()
    .returning({ userId: identities.userId });
  if (created.length > 0) {
    await recordEvent(tx, { actorId: userId, kind: 'identity-linked', subject: userId, details: { provider } });
  }
  return created.length > 0;
}

/** False where it is not linked to the account. */
export async function deleteIdentity(tx: Connection, userId: string, identity: Identity): Promise<boolean> {
  const { provider, subject } = identity;
  const theirs = and(eq(identities.userId, userId), eq(identities.provider, provider), eq(identities.subject, subject));
  const deleted = await tx.delete(identities).where(theirs).returning({ provider: identities.provider });
  if (deleted.length > 0) {
    await recordEvent(tx, { actorId: userId, kind: 'identity-unlinked', subject: userId, details: { provider } });
  }
  return deleted.length > 0;
}
