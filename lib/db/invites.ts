import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { createMail } from '#lib/db/mails.ts';
import { chargeLimit, type Limit } from '#lib/db/rate-limits.ts';
import { teamInvites, teams } from '#lib/db/schema.ts';
import { joinTeam, lockTeamOf, refusingClearly, type Team } from '#lib/db/teams.ts';
import { findAccountByEmail } from '#lib/db/users.ts';
import { ForbiddenError, NotFoundError, RefusedError } from '#lib/errors.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { mailsToAddress } from '#lib/identity/limits.ts';
import { composeMail } from '#lib/identity/mail-text.ts';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';

export type Invite = typeof teamInvites.$inferSelect;

const inviteDays = 7;

/** Makes an invite link's token: 128 random bits, valid seven days for everyone who has it, shown once; its hash is kept. */
export async function createInvite(
  db: Connection,
  competitionId: string,
  captainId: string,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(16).toString('base64url');
  return db.transaction(async (tx) => {
    const team = await lockTeamOf(tx, competitionId, captainId);
    if (team.captainId !== captainId) throw new ForbiddenError('captain-only');
    const rows = await tx
      .insert(teamInvites)
      .values({
        teamId: team.id,
        tokenHash: hashOf(token),
        createdBy: captainId,
        expiresAt: sql`rostrum_now() + make_interval(days => ${inviteDays})`,
      })
      .returning();
    const invite = one(rows, 'invite', team.id);
    await recordEvent(tx, { actorId: captainId, competitionId, kind: 'invite-created', subject: invite.id });
    return { token, expiresAt: invite.expiresAt };
  });
}

/** So many an hour: whoever may write to any address through us must not be able to write to many. */
const mailedInvites: Limit = { name: 'mailed-invites', attempts: 20, windowSeconds: 3600 };

/**
 * Makes an invite link and mails it to an address, in the language of its account or else of the captain. Refuses
 * 'not-an-address', and says nothing of whether somebody has that address.
 */
export async function mailInvite(
  db: Connection,
  competition: Competition,
  captain: { id: string; name: string; language: Language },
  typed: string,
  site: string,
): Promise<void> {
  const address = parseEmailAddress(typed);
  if (address === null) throw new RefusedError('not-an-address', 422);
  await db.transaction(async (tx) => {
    const team = await lockTeamOf(tx, competition.id, captain.id);
    const { token } = await createInvite(tx, competition.id, captain.id);
    await chargeLimit(tx, { limit: mailedInvites, subject: captain.id });
    await chargeLimit(tx, { limit: mailsToAddress, subject: address.key });
    const account = await findAccountByEmail(tx, address.key);
    const language = account?.language ?? captain.language;
    const t = translator(language);
    const values = { competition: nameOf(competition, language), team: team.name, captain: captain.name };
    const mail = composeMail(language, t('team.invite-mail-subject', values), [
      t('team.invite-mail-text', values),
      { label: t('team.invite-mail-link'), url: `${site}/join/${token}` },
      t('team.invite-mail-note', { days: inviteDays }),
    ]);
    const about = { userId: account?.id ?? null, competitionId: competition.id, minutes: inviteDays * 24 * 60 };
    await createMail(tx, { recipient: account?.email ?? address.email, language, ...about, ...mail });
  });
}

/** Links that still open the door, newest first. */
export async function listInvites(db: Connection, teamId: string): Promise<Invite[]> {
  return db
    .select()
    .from(teamInvites)
    .where(
      and(eq(teamInvites.teamId, teamId), isNull(teamInvites.revokedAt), sql`${teamInvites.expiresAt} > rostrum_now()`),
    )
    .orderBy(desc(teamInvites.createdAt));
}

export async function revokeInvite(
  db: Connection,
  competitionId: string,
  captainId: string,
  inviteId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const team = await lockTeamOf(tx, competitionId, captainId);
    if (team.captainId !== captainId) throw new ForbiddenError('captain-only');
    const rows = await tx
      .update(teamInvites)
      .set({ revokedAt: sql`rostrum_now()` })
      .where(and(eq(teamInvites.id, inviteId), eq(teamInvites.teamId, team.id), isNull(teamInvites.revokedAt)))
      .returning();
    one(rows, 'invite', inviteId);
    await recordEvent(tx, { actorId: captainId, competitionId, kind: 'invite-revoked', subject: inviteId });
  });
}

/** The team that an invite leads to. Unknown tokens are not found; 'invite-expired' and 'invite-revoked' say what to ask for. */
export async function getInvitedTeam(db: Connection, token: string): Promise<Team> {
  const rows = await db
    .select({
      team: teams,
      revokedAt: teamInvites.revokedAt,
      expired: sql<boolean>`${teamInvites.expiresAt} <= rostrum_now()`,
    })
    .from(teamInvites)
    .innerJoin(teams, eq(teams.id, teamInvites.teamId))
    .where(eq(teamInvites.tokenHash, hashOf(token)));
  const found = rows[0];
  if (found === undefined || found.team.disbandedAt !== null) throw new NotFoundError('invite', '');
  if (found.revokedAt !== null) throw new RefusedError('invite-revoked', 410, { team: found.team.name });
  if (found.expired) throw new RefusedError('invite-expired', 410, { team: found.team.name });
  return found.team;
}

/** Joins by invite link. The invite is read again inside, so that one revoked a moment ago no longer opens. */
export async function acceptInvite(db: Connection, token: string, userId: string): Promise<Team> {
  return refusingClearly(() =>
    db.transaction(async (tx) => {
      const team = await getInvitedTeam(tx, token);
      await joinTeam(tx, team, userId);
      return team;
    }),
  );
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
