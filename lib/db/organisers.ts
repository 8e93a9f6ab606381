import { and, asc, eq } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import {
  type Act,
  findRole,
  getCompetition,
  grantRole,
  listCompetitions,
  listCompetitionsOrganisedBy,
  type Role,
  type Viewer,
} from '#lib/db/competitions.ts';
import { competitionRoles, users } from '#lib/db/schema.ts';
import { findAccountByEmail } from '#lib/db/users.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';

/** Somebody with a part in running a competition. */
export type RoleHolder = { id: string; name: string; email: string; role: Role };

/** The competition as somebody who organises it; for everybody else there is no such competition. */
export async function getOrganisedCompetition(db: Connection, slug: string, user: Viewer): Promise<Competition> {
  const competition = await getCompetition(db, slug);
  const isOrganiser = user.isAdministrator || (await findRole(db, competition.id, user.id)) === 'organiser';
  if (!isOrganiser) throw new NotFoundError('competition', slug);
  return competition;
}

/** Administrators organise all. */
export async function listOrganisedCompetitions(db: Connection, user: Viewer): Promise<Competition[]> {
  return user.isAdministrator ? listCompetitions(db) : listCompetitionsOrganisedBy(db, user.id);
}

export async function listRoleHolders(db: Connection, competitionId: string): Promise<RoleHolder[]> {
  return db
    .select({ id: users.id, name: users.name, email: users.email, role: competitionRoles.role })
    .from(competitionRoles)
    .innerJoin(users, eq(users.id, competitionRoles.userId))
    .where(eq(competitionRoles.competitionId, competitionId))
    .orderBy(asc(users.name), asc(users.id));
}

/** Gives a part to the account with this address; 'no-account' where there is none. */
export async function grantRoleByEmail(
  db: Connection,
  competitionId: string,
  typed: { email: string; role: Role },
  act: Act,
): Promise<void> {
  const address = parseEmailAddress(typed.email);
  const account = address && (await findAccountByEmail(db, address.key));
  if (account === null) throw new RefusedError('no-account', 404, { email: typed.email });
  await db.transaction((tx) => grantRole(tx, competitionId, account.id, typed.role, act));
}

export async function revokeRole(db: Connection, competitionId: string, userId: string, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx
      .delete(competitionRoles)
      .where(and(eq(competitionRoles.competitionId, competitionId), eq(competitionRoles.userId, userId)))
      .returning();
    const { role } = one(rows, 'role', userId);
    await recordEvent(tx, { ...act, competitionId, kind: 'role-revoked', subject: userId, details: { role } });
  });
}
