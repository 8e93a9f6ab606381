import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { announce } from '#lib/db/live.ts';
import { listMemberIds, type MailedAct, mailPeople } from '#lib/db/notices.ts';
import { chargeLimit, type Limit } from '#lib/db/rate-limits.ts';
import { announcements, competitions } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import type { EventKind } from '#lib/event-kinds.ts';
import { bodyIn, titleIn } from '#lib/news.ts';

/*
 * What organisers say to everybody. Nothing is removed: an edit keeps the wording before it in the log, and what was withdrawn is
 * shown to organisers alone.
 */

export type Announcement = typeof announcements.$inferSelect;
/** One language may be left empty: it is then read in the other. Bodies are Markdown. */
export type AnnouncementText = Pick<Announcement, 'titleRu' | 'titleEn' | 'bodyRu' | 'bodyEn'>;

/** What stands, newest first. */
export async function listAnnouncements(db: Connection, competitionId: string): Promise<Announcement[]> {
  return db
    .select()
    .from(announcements)
    .where(and(eq(announcements.competitionId, competitionId), isNull(announcements.withdrawnAt)))
    .orderBy(desc(announcements.publishedAt));
}

/** With what was withdrawn, newest first: for those who run the competition. */
export async function listAllAnnouncements(db: Connection, competitionId: string): Promise<Announcement[]> {
  return db
    .select()
    .from(announcements)
    .where(eq(announcements.competitionId, competitionId))
    .orderBy(desc(announcements.publishedAt));
}

/** More than that in an hour, and people stop reading them. */
const mailedAnnouncements: Limit = { name: 'mailed-announcements', attempts: 6, windowSeconds: 3600 };

/** Shows it to everybody at once; with `byMail`, members of teams get it as a mail, too. */
export async function publishAnnouncement(
  db: Connection,
  competition: Competition,
  { byMail, ...typed }: AnnouncementText & { byMail: boolean },
  act: MailedAct,
): Promise<Announcement> {
  const text = titled(typed);
  return db.transaction(async (tx) => {
    const rows = await tx
      .insert(announcements)
      .values({ ...text, competitionId: competition.id })
      .returning();
    const announcement = one(rows, 'announcement', competition.id);
    if (byMail) await chargeLimit(tx, { limit: mailedAnnouncements, subject: competition.id });
    const readers = byMail ? await listMemberIds(tx, competition.id) : [];
    const about = { category: 'announcements', competitionId: competition.id } as const;
    const shownAt = { site: act.site, path: `/c/${competition.slug}/news` };
    await mailPeople(tx, readers, about, (language, t) => ({
      subject: `${nameOf(competition, language)}: ${titleIn(announcement, language)}`,
      paragraphs: [
        { markdown: bodyIn(announcement, language), shownAt },
        { label: t('news.mail-link'), url: `${shownAt.site}${shownAt.path}#${announcement.id}` },
      ],
    }));
    await tell(tx, 'announcement-published', announcement, act, { mails: readers.length });
    return announcement;
  });
}

/** Refuses what somebody else changed since `edition`, and what was withdrawn. */
export async function editAnnouncement(
  db: Connection,
  which: { competitionId: string; id: string; edition: number },
  typed: AnnouncementText,
  act: MailedAct,
): Promise<void> {
  const text = titled(typed);
  await db.transaction(async (tx) => {
    const before = await lockAnnouncement(tx, which);
    if (before.edition !== which.edition) throw new RefusedError('edited-meanwhile', 409);
    const old = textOf(before);
    if (JSON.stringify(old) === JSON.stringify(text)) return;
    await tx
      .update(announcements)
      .set({ ...text, edition: before.edition + 1, editedAt: sql`rostrum_now()` })
      .where(eq(announcements.id, before.id));
    await tell(tx, 'announcement-edited', before, act, { from: old, to: text });
  });
}

export async function withdrawAnnouncement(
  db: Connection,
  which: { competitionId: string; id: string },
  act: MailedAct,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { id } = await lockAnnouncement(tx, which);
    await tx.update(announcements).set({ withdrawnAt: sql`rostrum_now()` }).where(eq(announcements.id, id));
    await tell(tx, 'announcement-withdrawn', { ...which, id }, act, {});
  });
}

/** Has kept pages drawn anew and open ones read anew. */
export async function touchNews(tx: Connection, competitionId: string): Promise<void> {
  await tx
    .update(competitions)
    .set({ newsVersion: sql`${competitions.newsVersion} + 1` })
    .where(eq(competitions.id, competitionId));
  await announce(tx, competitionId);
}

async function lockAnnouncement(tx: Connection, { competitionId, id }: { competitionId: string; id: string }) {
  const standing = and(
    eq(announcements.id, id),
    eq(announcements.competitionId, competitionId),
    isNull(announcements.withdrawnAt),
  );
  return one(await tx.select().from(announcements).where(standing).for('update'), 'announcement', id);
}

async function tell(
  tx: Connection,
  kind: EventKind,
  { id, competitionId }: Pick<Announcement, 'id' | 'competitionId'>,
  { actorId, reason = '' }: MailedAct,
  details: Record<string, unknown>,
): Promise<void> {
  await recordEvent(tx, { actorId, competitionId, kind, subject: id, reason: reason.trim(), details });
  await touchNews(tx, competitionId);
}

function titled(typed: AnnouncementText): AnnouncementText {
  const line = (title: string) => title.replace(/\s+/gu, ' ').trim();
  const text = textOf({ ...typed, titleRu: line(typed.titleRu), titleEn: line(typed.titleEn) });
  if (text.titleRu === '' && text.titleEn === '') throw new RefusedError('news-title-missing', 422);
  return text;
}

function textOf({ titleRu, titleEn, bodyRu, bodyEn }: AnnouncementText): AnnouncementText {
  return { titleRu, titleEn, bodyRu, bodyEn };
}
