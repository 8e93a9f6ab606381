import { eq } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { getClose, type TeamKey } from '#lib/db/adjustments.ts';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { holdCompetition } from '#lib/db/competition-lock.ts';
import type { Act } from '#lib/db/competitions.ts';
import { methodCardPermissions, methodCards, users } from '#lib/db/schema.ts';
import { lockTeam, lockTeamOf } from '#lib/db/teams.ts';
import { ForbiddenError, NotFoundError } from '#lib/errors.ts';
import { cardParts, emptyCard, type MethodCard } from '#lib/method-card.ts';

/*
 * Method cards: written by a team's members until their submissions close, and later where an organiser lets them.
 */

export type KeptCard = MethodCard & { editedAt: Date; editedBy: string | null };

/** A team's card as its members see it; `permission` where it may be edited after the close. */
export type CardState = { card: KeptCard | null; closesAt: Date; isOpen: boolean; isReopened: boolean };

export async function getCardState(db: Connection, competition: Competition, teamId: string): Promise<CardState> {
  const { closesAt } = await getClose(db, competition, teamId);
  const permitted = await db
    .select({ teamId: methodCardPermissions.teamId })
    .from(methodCardPermissions)
    .where(eq(methodCardPermissions.teamId, teamId));
  const isReopened = permitted.length > 0;
  const isOpen = isReopened || (await readClock(db)) < closesAt;
  return { card: await findCard(db, teamId), closesAt, isOpen, isReopened };
}

async function findCard(db: Connection, teamId: string): Promise<KeptCard | null> {
  const rows = await db
    .select({ card: methodCards, editedBy: users.name })
    .from(methodCards)
    .leftJoin(users, eq(users.id, methodCards.editedBy))
    .where(eq(methodCards.teamId, teamId));
  const row = rows[0];
  return row === undefined ? null : { ...row.card, editedBy: row.editedBy };
}

/** Writes the card of the person's team; the log names the parts that changed. Refuses with 'card-closed'. */
export async function saveCard(
  db: Connection,
  competitionId: string,
  userId: string,
  content: MethodCard,
): Promise<void> {
  await db.transaction(async (tx) => {
    const competition = await holdCompetition(tx, competitionId);
    const team = await lockTeamOf(tx, competitionId, userId);
    const { card, closesAt, isOpen } = await getCardState(tx, competition, team.id);
    if (!isOpen) throw new ForbiddenError('card-closed', { end: closesAt.toISOString() });
    const parts = cardParts.filter((part) => (card ?? emptyCard)[part] !== content[part]);
    if (parts.length === 0) return;
    const edited = { editedBy: userId, editedAt: await readClock(tx) };
    await tx
      .insert(methodCards)
      .values({ teamId: team.id, ...content, ...edited })
      .onConflictDoUpdate({ target: methodCards.teamId, set: { ...content, ...edited } });
    await recordEvent(tx, {
      actorId: userId,
      competitionId,
      kind: 'method-card-edited',
      subject: team.id,
      details: { parts },
    });
  });
}

/** Lets a team edit its card after the close, or no longer, with a reason. */
export async function reopenCard(db: Connection, key: TeamKey, isReopened: boolean, act: Act): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    const team = await lockTeam(tx, key.teamId);
    if (team.competitionId !== key.competitionId || team.kind !== 'team') throw new NotFoundError('team', team.id);
    const permission = { teamId: team.id, grantedBy: act.actorId, grantedAt: await readClock(tx) };
    const changed = isReopened
      ? await tx.insert(methodCardPermissions).values(permission).onConflictDoNothing().returning()
      : await tx.delete(methodCardPermissions).where(eq(methodCardPermissions.teamId, team.id)).returning();
    if (changed.length === 0) return;
    await recordEvent(tx, {
      actorId: act.actorId,
      competitionId: key.competitionId,
      kind: isReopened ? 'method-card-reopened' : 'method-card-closed',
      subject: team.id,
      reason,
    });
  });
}
