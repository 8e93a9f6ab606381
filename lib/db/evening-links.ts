import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { eveningLinks } from '#lib/db/schema.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import { createToken, hashOfToken } from '#lib/identity/random-token.ts';

/*
 * Links that let somebody without an account help for one evening: at the stage's remote, or as a juror. Whoever has the link has the
 * part, until it expires or is revoked; its token is shown once, and only its hash is kept.
 */

export type EveningRole = 'stage' | 'juror';
export type EveningLink = {
  id: string;
  role: EveningRole;
  name: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** When it was opened first; null where it has not been. */
  openedAt: Date | null;
};

/** Somebody who came by a link. */
export type EveningGuest = { linkId: string; competitionId: string; role: EveningRole; name: string; expiresAt: Date };

const columns = {
  id: eveningLinks.id,
  role: eveningLinks.role,
  name: eveningLinks.name,
  createdAt: eveningLinks.createdAt,
  expiresAt: eveningLinks.expiresAt,
  revokedAt: eveningLinks.revokedAt,
  openedAt: eveningLinks.openedAt,
};

/** Oldest first, also those that no longer open. */
export async function listEveningLinks(
  db: Connection,
  competitionId: string,
  role?: EveningRole,
): Promise<EveningLink[]> {
  const own = eq(eveningLinks.competitionId, competitionId);
  return db
    .select(columns)
    .from(eveningLinks)
    .where(role === undefined ? own : and(own, eq(eveningLinks.role, role)))
    .orderBy(asc(eveningLinks.createdAt), asc(eveningLinks.id));
}

/** Returns the token, which is never to be had again. Refuses 'link-expires' where it would be over before it begins. */
export async function createEveningLink(
  db: Connection,
  competitionId: string,
  link: { role: EveningRole; name: string; expiresAt: Date },
  act: Act,
): Promise<string> {
  const token = createToken();
  await db.transaction(async (tx) => {
    if (link.expiresAt <= (await readClock(tx))) throw new RefusedError('link-expires', 422);
    const rows = await tx
      .insert(eveningLinks)
      .values({ competitionId, ...link, tokenHash: hashOfToken(token), createdBy: act.actorId })
      .returning({ id: eveningLinks.id });
    const { id } = one(rows, 'link', competitionId);
    const details = { role: link.role, expiresAt: link.expiresAt.toISOString() };
    await recordEvent(tx, { ...act, competitionId, kind: 'evening-link-made', subject: id, details });
  });
  return token;
}

/** It opens nothing from now on, wherever it is open. Marks that were given by it stay. */
export async function revokeEveningLink(db: Connection, competitionId: string, id: string, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    const own = and(
      eq(eveningLinks.id, id),
      eq(eveningLinks.competitionId, competitionId),
      isNull(eveningLinks.revokedAt),
    );
    const rows = await tx.update(eveningLinks).set({ revokedAt: sql`rostrum_now()` }).where(own).returning();
    one(rows, 'link', id);
    await recordEvent(tx, { ...act, competitionId, kind: 'evening-link-revoked', subject: id });
  });
}

/** The guest of a token that still opens; null for any other. */
export async function findEveningGuest(db: Connection, token: string, role: EveningRole): Promise<EveningGuest | null> {
  const { rows } = await db.execute<Omit<EveningGuest, 'expiresAt'> & { expiresAt: string }>(sql`
    select id as "linkId", competition_id as "competitionId", role, name, expires_at as "expiresAt" from evening_links
    where token_hash = ${hashOfToken(token)} and role = ${role} and revoked_at is null and expires_at > rostrum_now()`);
  const row = rows[0];
  return row === undefined ? null : { ...row, expiresAt: new Date(row.expiresAt) };
}

/** As `findEveningGuest`; NotFoundError for a token that opens nothing. Remembers that it was opened. */
export async function openEveningLink(db: Connection, token: string, role: EveningRole): Promise<EveningGuest> {
  const guest = await findEveningGuest(db, token, role);
  if (guest === null) throw new NotFoundError('link', role);
  await db
    .update(eveningLinks)
    .set({ openedAt: sql`coalesce(${eveningLinks.openedAt}, rostrum_now())` })
    .where(eq(eveningLinks.id, guest.linkId));
  return guest;
}
