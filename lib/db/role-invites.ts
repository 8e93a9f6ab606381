import { and, asc, eq, sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { findRole, grantRole, type Role } from '#lib/db/competitions.ts';
import { createMail } from '#lib/db/mails.ts';
import type { MailedAct } from '#lib/db/notices.ts';
import { chargeLimit } from '#lib/db/rate-limits.ts';
import { roleInvites } from '#lib/db/schema.ts';
import type { EmailAddress } from '#lib/identity/email-address.ts';
import { mailsToAddress } from '#lib/identity/limits.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { composeMail } from '#lib/identity/mail-text.ts';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';
import { offerDays } from '#lib/retention.ts';

/*
 * Parts in running a competition for people without an account. No link opens them: the part is given to the account that is made
 * with the address, which its owner has then proven. After `offerDays` (lib/retention.ts) it is forgotten.
 */

export type RoleInvite = { id: string; email: string; role: Role; createdAt: Date; endsAt: Date };

export async function listRoleInvites(db: Connection, competitionId: string): Promise<RoleInvite[]> {
  const { id, email, role, createdAt } = roleInvites;
  const endsAt = sql<Date>`${createdAt} + make_interval(days => ${offerDays})`.mapWith(createdAt);
  return db
    .select({ id, email, role, createdAt, endsAt })
    .from(roleInvites)
    .where(eq(roleInvites.competitionId, competitionId))
    .orderBy(asc(roleInvites.email));
}

/** Writes to the address; a second invitation replaces the first, and waits as long anew. For the transaction of the act. */
export async function createRoleInvite(
  tx: Connection,
  competition: Competition,
  invited: { address: EmailAddress; role: Role; language: Language },
  act: MailedAct,
): Promise<void> {
  const { address, role, language } = invited;
  await chargeLimit(tx, { limit: mailsToAddress, subject: address.key });
  const rows = await tx
    .insert(roleInvites)
    .values({
      competitionId: competition.id,
      email: address.email,
      emailKey: address.key,
      role,
      createdBy: act.actorId,
    })
    .onConflictDoUpdate({
      target: [roleInvites.competitionId, roleInvites.emailKey],
      set: { role, createdAt: sql`rostrum_now()` },
    })
    .returning();
  const invite = one(rows, 'invite', address.key);
  const event = { actorId: act.actorId, competitionId: competition.id, subject: invite.id, details: { role } };
  await recordEvent(tx, { ...event, kind: 'role-offered' });
  const t = translator(language);
  const values = { competition: nameOf(competition, language), days: offerDays };
  const mail = composeMail(language, t('people.invite-mail-subject', values), [
    t(`people.invite-mail-${role}`, values),
    t('people.invite-mail-days', values),
    { label: t('people.invite-mail-link'), url: act.site + withNext('/sign-up', `/organise/${competition.slug}`) },
  ]);
  await createMail(tx, { recipient: address.email, language, ...mail });
}

export async function withdrawRoleInvite(
  db: Connection,
  competitionId: string,
  id: string,
  act: MailedAct,
): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx
      .delete(roleInvites)
      .where(and(eq(roleInvites.id, id), eq(roleInvites.competitionId, competitionId)))
      .returning();
    one(rows, 'invite', id);
    await recordEvent(tx, { actorId: act.actorId, competitionId, kind: 'role-offer-withdrawn', subject: id });
  });
}

/** Gives an account what waited for an address that it has just got. An organiser by that name already is not made an assistant. */
export async function claimRoleInvites(tx: Connection, userId: string, emailKey: string): Promise<void> {
  const claimed = await tx.delete(roleInvites).where(eq(roleInvites.emailKey, emailKey)).returning();
  for (const { competitionId, role, createdBy } of claimed) {
    if ((await findRole(tx, competitionId, userId)) === 'organiser') continue;
    await grantRole(tx, competitionId, userId, role, { actorId: createdBy });
  }
}
