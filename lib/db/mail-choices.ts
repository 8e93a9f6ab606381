import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import { deleteWaitingMails } from '#lib/db/mails.ts';
import { competitions, mailMutes, mailRefusals, mails, teamMembers, teams, users } from '#lib/db/schema.ts';
import { type OptionalCategory, optionalCategories } from '#lib/mail/categories.ts';

/*
 * Which mails somebody wants: all of them, until they say otherwise. Nothing here stops mails about an account or decisions.
 */

/** A competition that somebody takes part in, and whether they want no mails about it. */
export type Mute = { id: string; competition: Pick<Competition, 'nameRu' | 'nameEn'>; isMuted: boolean };
export type MailChoices = { refused: OptionalCategory[]; mutes: Mute[] };

export async function getMailChoices(db: Connection, userId: string): Promise<MailChoices> {
  const refused = await db
    .select({ category: mailRefusals.category })
    .from(mailRefusals)
    .where(eq(mailRefusals.userId, userId));
  const mutes = await db
    .select({
      id: competitions.id,
      nameRu: competitions.nameRu,
      nameEn: competitions.nameEn,
      isMuted: sql<boolean>`exists (select from mail_mutes m where m.competition_id = ${competitions.id} and m.user_id = ${userId})`,
    })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .innerJoin(competitions, eq(competitions.id, teams.competitionId))
    .where(and(eq(teamMembers.userId, userId), isNull(teams.disbandedAt)))
    .orderBy(asc(competitions.submissionsEndAt), asc(competitions.slug));
  return {
    refused: refused.map(({ category }) => category),
    mutes: mutes.map(({ id, isMuted, ...competition }) => ({ id, competition, isMuted })),
  };
}

/** Sets all choices at once; what waits to be sent and is not wanted any more is dropped. Of mutes only those that are named change. */
export async function saveMailChoices(
  db: Connection,
  userId: string,
  choices: { refused: readonly OptionalCategory[]; mutes: readonly { id: string; isMuted: boolean }[] },
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    const known = await getMailChoices(tx, userId);
    const mutes = choices.mutes.filter(({ id }) => known.mutes.some((mute) => mute.id === id));
    const wanted = optionalCategories.filter((category) => !choices.refused.includes(category));
    if (wanted.length > 0) await forgetRefusals(tx, userId, wanted);
    for (const category of choices.refused) await refuse(tx, userId, category);
    for (const { id, isMuted } of mutes) await (isMuted ? mute : unmute)(tx, userId, id);
    const muted = mutes.filter(({ isMuted }) => isMuted).map(({ id }) => id);
    const details = { refused: [...choices.refused], muted };
    await recordEvent(tx, { actorId: userId, kind: 'mails-chosen', subject: userId, details });
  });
}

/** By a link in a mail. False where there is no such person any more; done twice, it has been done once. */
export async function refuseCategory(db: Connection, userId: string, category: OptionalCategory): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await lockPerson(tx, userId))) return false;
    const isNew = await refuse(tx, userId, category);
    const details = { refused: [category], byLink: true };
    if (isNew) await recordEvent(tx, { actorId: userId, kind: 'mails-chosen', subject: userId, details });
    return true;
  });
}

/** Of these people those who want mails of a category, also about that competition. */
export async function listWilling(
  db: Connection,
  userIds: readonly string[],
  category: OptionalCategory,
  competitionId: string | null,
): Promise<string[]> {
  if (userIds.length === 0) return [];
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        inArray(users.id, [...userIds]),
        sql`not exists (select from mail_refusals r where r.user_id = ${users.id} and r.category = ${category})`,
        sql`not exists (select from mail_mutes m where m.user_id = ${users.id} and m.competition_id = ${competitionId}::uuid)`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** Two changes at once follow one another. */
async function lockPerson(tx: Connection, userId: string): Promise<boolean> {
  const standing = and(eq(users.id, userId), isNull(users.erasedAt));
  const rows = await tx.select({ id: users.id }).from(users).where(standing).for('no key update');
  return rows.length > 0;
}

async function refuse(tx: Connection, userId: string, category: OptionalCategory): Promise<boolean> {
  const made = await tx.insert(mailRefusals).values({ userId, category }).onConflictDoNothing().returning();
  await deleteWaitingMails(tx, userId, eq(mails.category, category));
  return made.length > 0;
}

async function forgetRefusals(tx: Connection, userId: string, wanted: readonly OptionalCategory[]): Promise<void> {
  await tx
    .delete(mailRefusals)
    .where(and(eq(mailRefusals.userId, userId), inArray(mailRefusals.category, [...wanted])));
}

async function mute(tx: Connection, userId: string, competitionId: string): Promise<void> {
  await tx.insert(mailMutes).values({ userId, competitionId }).onConflictDoNothing();
  const about = and(eq(mails.competitionId, competitionId), inArray(mails.category, [...optionalCategories]))!;
  await deleteWaitingMails(tx, userId, about);
}

async function unmute(tx: Connection, userId: string, competitionId: string): Promise<void> {
  await tx.delete(mailMutes).where(and(eq(mailMutes.userId, userId), eq(mailMutes.competitionId, competitionId)));
}
