import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { teamInvites, teams } from '#lib/db/schema.ts';
import { joinTeam, lockTeamOf, refusingClearly, type Team } from '#lib/db/teams.ts';
import { ForbiddenError, NotFoundError, RefusedError } from '#lib/errors.ts';

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
