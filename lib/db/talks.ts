import { and, eq, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { holdCompetition } from '#lib/db/competition-lock.ts';
import { getPlan, type Plan } from '#lib/db/defence.ts';
import { claimSlides, dropSlides } from '#lib/db/dropped-slides.ts';
import { defenceSpeakers, defenceTalks } from '#lib/db/schema.ts';
import { lockTeamOf } from '#lib/db/teams.ts';
import { ForbiddenError } from '#lib/errors.ts';
import type { EventKind } from '#lib/event-kinds.ts';
import type { StoredFile } from '#lib/objects.ts';
import type { Talk } from '#lib/talk.ts';

/*
 * What teams show at the defence: written by any member until the organisers' instant. How somebody is named is theirs alone to say.
 */

export type KeptTalk = Talk & {
  slides: (StoredFile & { name: string }) | null;
  editedAt: Date | null;
};

export async function getTalk(db: Connection, teamId: string): Promise<KeptTalk> {
  const rows = await db.select().from(defenceTalks).where(eq(defenceTalks.teamId, teamId));
  const row = rows[0];
  if (row === undefined) return { title: '', description: '', slidesLink: null, slides: null, editedAt: null };
  const { title, description, slidesLink, slidesSha256: sha256, slidesBytes: bytes, slidesName: name, editedAt } = row;
  const slides = sha256 && bytes !== null && name !== null ? { sha256, bytes, name } : null;
  return { title, description, slidesLink, slides, editedAt };
}

/** When the defence begins, as planned or by the timeline; null where neither says. */
export function startOfDefence(competition: Competition, plan: Pick<Plan, 'startsAt'>): Date | null {
  return plan.startsAt ?? competition.defenceAt;
}

/** From when on teams no longer edit their talks; null for never. */
export function talksCloseAt(competition: Competition, plan: Plan): Date | null {
  return plan.talksCloseAt ?? startOfDefence(competition, plan);
}

/** Refuses 'talk-closed'. */
export async function saveTalk(db: Connection, competitionId: string, userId: string, talk: Talk): Promise<void> {
  await editing(db, competitionId, userId, 'talk-edited', async () => talk);
}

/**
 * Puts a file that is stored already in the place of the one before it; null takes it away. Refuses 'talk-closed'. The same bytes may have
 * been on their way out of the store: keep them once more afterwards.
 */
export async function saveSlides(
  db: Connection,
  competitionId: string,
  userId: string,
  slides: (StoredFile & { name: string }) | null,
): Promise<void> {
  await editing(db, competitionId, userId, slides === null ? 'slides-removed' : 'slides-sent', async (tx, teamId) => {
    await dropSlides(tx, [teamId]);
    if (slides === null) return {};
    await claimSlides(tx, slides.sha256);
    return { slidesSha256: slides.sha256, slidesBytes: slides.bytes, slidesName: slides.name };
  });
}

/** Refuses 'talk-closed': before anything large is read. */
export async function requireOpenTalks(db: Connection, competition: Competition): Promise<void> {
  const end = talksCloseAt(competition, await getPlan(db, competition.id));
  if (end !== null && (await readClock(db)) >= end) throw new ForbiddenError('talk-closed', { end: end.toISOString() });
}

/** How the person wants to be named before the public; empty for not at all. Never closes: a name is theirs to take back. */
export async function saveSpeaker(db: Connection, competitionId: string, userId: string, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    const team = await lockTeamOf(tx, competitionId, userId);
    const own = and(eq(defenceSpeakers.competitionId, competitionId), eq(defenceSpeakers.userId, userId));
    if (name === '') await tx.delete(defenceSpeakers).where(own);
    else {
      const target = [defenceSpeakers.competitionId, defenceSpeakers.userId];
      await tx
        .insert(defenceSpeakers)
        .values({ competitionId, userId, name })
        .onConflictDoUpdate({ target, set: { name } });
    }
    await recordEvent(tx, { actorId: userId, competitionId, kind: 'speaker-named', subject: team.id });
  });
}

/** Members of a team in the order in which they joined, with how they want to be named. */
export async function listSpeakers(
  db: Connection,
  teamId: string,
): Promise<{ userId: string; account: string; name: string | null }[]> {
  const { rows } = await db.execute<{ userId: string; account: string; name: string | null }>(sql`
    select m.user_id as "userId", u.name as account, p.name from team_members m
    join users u on u.id = m.user_id
    left join defence_speakers p on p.user_id = m.user_id and p.competition_id = m.competition_id
    where m.team_id = ${teamId} order by m.joined_at, m.user_id`);
  return rows;
}

type Edit = Partial<Omit<typeof defenceTalks.$inferInsert, 'teamId'>>;

async function editing(
  db: Connection,
  competitionId: string,
  userId: string,
  kind: EventKind,
  edit: (tx: Connection, teamId: string) => Promise<Edit>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await requireOpenTalks(tx, await holdCompetition(tx, competitionId));
    const team = await lockTeamOf(tx, competitionId, userId);
    const edited = { ...(await edit(tx, team.id)), editedBy: userId, editedAt: await readClock(tx) };
    await tx
      .insert(defenceTalks)
      .values({ teamId: team.id, ...edited })
      .onConflictDoUpdate({ target: defenceTalks.teamId, set: edited });
    await recordEvent(tx, { actorId: userId, competitionId, kind, subject: team.id });
  });
}
