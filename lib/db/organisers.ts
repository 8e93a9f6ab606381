import { and, asc, eq } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import {
  type Act,
  findRole,
  getCompetition,
  grantRole,
  listCompetitions,
  listCompetitionsRunBy,
  type Role,
  type Viewer,
} from '#lib/db/competitions.ts';
import { type MailedAct, mailPeople } from '#lib/db/notices.ts';
import { createRoleInvite } from '#lib/db/role-invites.ts';
import { competitionRoles, competitions, users } from '#lib/db/schema.ts';
import { findAccountByEmail, getUser } from '#lib/db/users.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import type { Language } from '#lib/messages/language.ts';

/** Somebody with a part in running a competition. */
export type RoleHolder = { id: string; name: string; email: string; role: Role };

/** The competition as somebody who organises it; for everybody else there is no such competition. */
export async function getOrganisedCompetition(db: Connection, slug: string, user: Viewer): Promise<Competition> {
  const competition = await getCompetition(db, slug);
  const isOrganiser = user.isAdministrator || (await findRole(db, competition.id, user.id)) === 'organiser';
  if (!isOrganiser) throw new NotFoundError('competition', slug);
  return competition;
}

/** The competition and the part in it of somebody who helps to run it; for everybody else there is no such competition. */
export async function getStaffedCompetition(
  db: Connection,
  slug: string,
  user: Viewer,
): Promise<{ competition: Competition; role: Role }> {
  const competition = await getCompetition(db, slug);
  const role = user.isAdministrator ? 'organiser' : await findRole(db, competition.id, user.id);
  if (role === null) throw new NotFoundError('competition', slug);
  return { competition, role };
}

/** What the person organises or assists in; administrators organise all. */
export async function listOrganisedCompetitions(db: Connection, user: Viewer): Promise<Competition[]> {
  return user.isAdministrator ? listCompetitions(db) : listCompetitionsRunBy(db, user.id);
}

export async function listRoleHolders(db: Connection, competitionId: string): Promise<RoleHolder[]> {
  return db
    .select({ id: users.id, name: users.name, email: users.email, role: competitionRoles.role })
    .from(competitionRoles)
    .innerJoin(users, eq(users.id, competitionRoles.userId))
    .where(eq(competitionRoles.competitionId, competitionId))
    .orderBy(asc(users.name), asc(users.id));
}

/**
 * Gives a part to the account with this address; where there is none, the part waits for it and the address is written to, in
 * `language`. Refuses 'not-an-address', and 'last-organiser' where the only one would become an assistant.
 */
export async function offerRole(
  db: Connection,
  competition: Competition,
  typed: { email: string; role: Role; language: Language },
  act: MailedAct,
): Promise<'granted' | 'invited'> {
  const address = parseEmailAddress(typed.email);
  if (address === null) throw new RefusedError('not-an-address', 422);
  return db.transaction(async (tx) => {
    await lockRoles(tx, competition.id);
    const account = await findAccountByEmail(tx, address.key);
    if (account === null) {
      await createRoleInvite(tx, competition, { address, role: typed.role, language: typed.language }, act);
      return 'invited';
    }
    await grantRole(tx, competition.id, account.id, typed.role, { actorId: act.actorId });
    await requireOrganisers(tx, competition.id, act);
    const about = { category: 'decisions', competitionId: competition.id } as const;
    await mailPeople(tx, [account.id], about, (language, t) => {
      const values = { competition: nameOf(competition, language) };
      return {
        subject: t('people.invite-mail-subject', values),
        paragraphs: [
          t(`people.granted-mail-${typed.role}`, values),
          { label: t('people.granted-mail-link'), url: `${act.site}/organise/${competition.slug}` },
        ],
      };
    });
    return 'granted';
  });
}

/** Refuses 'last-organiser' where nobody but administrators would be left to run the competition, also of two at once. */
export async function revokeRole(db: Connection, competitionId: string, userId: string, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    await lockRoles(tx, competitionId);
    const rows = await tx
      .delete(competitionRoles)
      .where(and(eq(competitionRoles.competitionId, competitionId), eq(competitionRoles.userId, userId)))
      .returning();
    const { role } = one(rows, 'role', userId);
    await requireOrganisers(tx, competitionId, act);
    await recordEvent(tx, { ...act, competitionId, kind: 'role-revoked', subject: userId, details: { role } });
  });
}

/** Changes of parts follow one another. */
async function lockRoles(tx: Connection, competitionId: string): Promise<void> {
  await tx
    .select({ id: competitions.id })
    .from(competitions)
    .where(eq(competitions.id, competitionId))
    .for('no key update');
}

/** Somebody who runs the competition has to be left, unless an administrator or the owner decides otherwise. */
async function requireOrganisers(tx: Connection, competitionId: string, { actorId }: Act): Promise<void> {
  const left = await listRoleHolders(tx, competitionId);
  if (actorId === null || left.some(({ role }) => role === 'organiser')) return;
  if (!(await getUser(tx, actorId)).isAdministrator) throw new RefusedError('last-organiser', 409);
}
