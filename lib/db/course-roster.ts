import { and, asc, eq, inArray, isNull, notLike, sql } from 'drizzle-orm';
import { nameOf } from '#lib/competition.ts';
import type { RosterEntry } from '#lib/course/roster-file.ts';
import { type Connection, one, violatedConstraint } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { type Course, lockCourse, recordCourseEvent } from '#lib/db/courses.ts';
import { createMails } from '#lib/db/mails.ts';
import type { MailedAct } from '#lib/db/notices.ts';
import { courseStudents, shortlistConsents, users } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import { erasedDomain } from '#lib/identity/email-address.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { composeMail } from '#lib/identity/mail-text.ts';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';

/*
 * Who is in a course. A row waits for the account whose owner has proven its address, and belongs to that account from then on: no
 * link and nothing that somebody types takes it.
 */

export type CourseStudent = typeof courseStudents.$inferSelect;
/** What an import does to a student: `relinked` where the address changed, so that another account may be meant. */
export type RosterChange = { entry: RosterEntry; kind: 'new' | 'changed' | 'relinked' | 'same' };

/** Active ones by name. */
export async function listStudents(db: Connection, courseId: string): Promise<CourseStudent[]> {
  return db
    .select()
    .from(courseStudents)
    .where(and(eq(courseStudents.courseId, courseId), isNull(courseStudents.removedAt)))
    .orderBy(asc(courseStudents.groupName), asc(courseStudents.name), asc(courseStudents.studentNumber));
}

export async function getStudent(db: Connection, courseId: string, id: string): Promise<CourseStudent> {
  const which = and(eq(courseStudents.courseId, courseId), eq(courseStudents.id, id), isNull(courseStudents.removedAt));
  return one(await db.select().from(courseStudents).where(which), 'student', id);
}

/** Somebody's own row; null for who is not in the course. */
export async function findOwnStudent(db: Connection, courseId: string, userId: string): Promise<CourseStudent | null> {
  const own = and(
    eq(courseStudents.courseId, courseId),
    eq(courseStudents.userId, userId),
    isNull(courseStudents.removedAt),
  );
  return (await db.select().from(courseStudents).where(own))[0] ?? null;
}

/** What an import would do, in the order of the file, and how many students it leaves out. */
export async function compareRoster(
  db: Connection,
  courseId: string,
  entries: readonly RosterEntry[],
): Promise<{ changes: RosterChange[]; others: number }> {
  const rows = await db.select().from(courseStudents).where(eq(courseStudents.courseId, courseId));
  const known = new Map(rows.map((row) => [row.studentNumber, row]));
  const changes = entries.map((entry) => ({ entry, kind: changeOf(known.get(entry.studentNumber), entry) }));
  const listed = new Set(entries.map(({ studentNumber }) => studentNumber));
  const others = rows.filter((row) => row.removedAt === null && !listed.has(row.studentNumber)).length;
  return { changes, others };
}

/**
 * Adds and changes students by their numbers; who is not in the file stays. A changed address unlinks the account, and links the one
 * of the new address. Refuses 'roster-address-taken' where the address is another student's.
 */
export async function importRoster(
  db: Connection,
  course: Course,
  entries: readonly RosterEntry[],
  act: Act,
): Promise<Record<RosterChange['kind'], number>> {
  try {
    return await db.transaction(async (tx) => {
      await lockCourse(tx, course.id);
      const { changes } = await compareRoster(tx, course.id, entries);
      const counts = { new: 0, changed: 0, relinked: 0, same: 0 };
      // Addresses may change places within one file: the old ones make room first.
      await makeRoom(tx, course.id, changes);
      for (const { entry, kind } of changes) {
        counts[kind] += 1;
        if (kind !== 'same') await writeStudent(tx, course.id, entry, kind === 'relinked');
      }
      await linkAccounts(tx, course.id);
      await recordCourseEvent(tx, course, act, { kind: 'roster-imported', subject: course.id, details: counts });
      return counts;
    });
  } catch (error) {
    throw /^one_student_per_/.test(violatedConstraint(error) ?? '')
      ? new RefusedError('roster-address-taken', 409)
      : error;
  }
}

/** Takes somebody out of the course; what they handed in stays, and comes back with them. */
export async function removeStudent(db: Connection, course: Course, id: string, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    await getStudent(tx, course.id, id);
    const gone = { removedAt: sql`rostrum_now()` };
    await tx.update(courseStudents).set(gone).where(eq(courseStudents.id, id));
    await tx.delete(shortlistConsents).where(eq(shortlistConsents.studentId, id));
    await recordCourseEvent(tx, course, act, { kind: 'student-removed', subject: id });
  });
}

/** Invited again no sooner than this, so that nobody's mailbox is filled by pressing a button. */
const invitedAgainHours = 24;

/** Writes to everybody who has no account linked, erased none and was not written to within a day; in `language`. Returns how many. */
export async function inviteStudents(
  db: Connection,
  course: Course,
  language: Language,
  act: MailedAct,
): Promise<number> {
  return db.transaction(async (tx) => {
    await lockCourse(tx, course.id);
    const due = sql`(${courseStudents.invitedAt} is null or ${courseStudents.invitedAt} < rostrum_now() - make_interval(hours => ${invitedAgainHours}))`;
    const rows = await tx
      .update(courseStudents)
      .set({ invitedAt: sql`rostrum_now()` })
      .where(
        and(
          eq(courseStudents.courseId, course.id),
          isNull(courseStudents.removedAt),
          isNull(courseStudents.userId),
          notLike(courseStudents.email, `%${erasedDomain}`),
          due,
        ),
      )
      .returning({ email: courseStudents.email });
    const t = translator(language);
    const values = { course: nameOf(course, language) };
    const mail = composeMail(language, t('course.invite-subject', values), [
      t('course.invite-text', values),
      t('course.invite-address'),
      { label: t('course.invite-link'), url: act.site + withNext('/sign-up', `/course/${course.slug}/sheet`) },
    ]);
    await createMails(
      tx,
      rows.map(({ email }) => ({ recipient: email, language, ...mail })),
    );
    const details = { mails: rows.length };
    await recordCourseEvent(tx, course, act, { kind: 'students-invited', subject: course.id, details });
    return rows.length;
  });
}

/** Gives an account the rows that waited for an address that its owner has just proven. Where it has a seat already, that one stays. */
export async function claimCourseSeats(tx: Connection, userId: string, emailKey: string): Promise<void> {
  const waiting = and(
    eq(courseStudents.emailKey, emailKey),
    isNull(courseStudents.userId),
    isNull(courseStudents.removedAt),
    sql`not exists (select from course_students own where own.course_id = ${courseStudents.courseId}
      and own.user_id = ${userId} and own.removed_at is null)`,
  );
  const rows = await tx.update(courseStudents).set({ userId }).where(waiting).returning({ id: courseStudents.id });
  if (rows.length > 0)
    await recordLinks(
      tx,
      rows.map(({ id }) => id),
    );
}

function changeOf(known: CourseStudent | undefined, entry: RosterEntry): RosterChange['kind'] {
  if (known === undefined || known.removedAt !== null) return 'new';
  if (known.emailKey !== entry.address.key) return 'relinked';
  const isSame =
    known.name === entry.name && known.groupName === entry.groupName && known.email === entry.address.email;
  return isSame ? 'same' : 'changed';
}

async function makeRoom(tx: Connection, courseId: string, changes: readonly RosterChange[]): Promise<void> {
  const moving = changes.filter(({ kind }) => kind === 'relinked').map(({ entry }) => entry.studentNumber);
  if (moving.length === 0) return;
  await tx
    .update(courseStudents)
    .set({ emailKey: sql`${courseStudents.id}::text`, userId: null, invitedAt: null })
    .where(and(eq(courseStudents.courseId, courseId), inArray(courseStudents.studentNumber, moving)));
}

async function writeStudent(tx: Connection, courseId: string, entry: RosterEntry, isRelinked: boolean): Promise<void> {
  const { studentNumber, name, groupName, address } = entry;
  const written = { name, groupName, email: address.email, emailKey: address.key };
  await tx
    .insert(courseStudents)
    .values({ courseId, studentNumber, ...written })
    .onConflictDoUpdate({
      target: [courseStudents.courseId, courseStudents.studentNumber],
      set: {
        ...written,
        // Who comes back under another address is linked anew, too.
        userId: isRelinked
          ? null
          : sql`case when ${courseStudents.emailKey} = ${address.key} then ${courseStudents.userId} end`,
        removedAt: null,
      },
    });
}

/** Accounts are made by who has proven their address, so equal addresses are one person. */
async function linkAccounts(tx: Connection, courseId: string): Promise<void> {
  const rows = await tx
    .update(courseStudents)
    .set({ userId: users.id })
    .from(users)
    .where(
      and(
        eq(users.emailKey, courseStudents.emailKey),
        eq(courseStudents.courseId, courseId),
        isNull(courseStudents.userId),
        isNull(courseStudents.removedAt),
      ),
    )
    .returning({ id: courseStudents.id });
  await recordLinks(
    tx,
    rows.map(({ id }) => id),
  );
}

async function recordLinks(tx: Connection, studentIds: readonly string[]): Promise<void> {
  const { rows } = await tx.execute<{ id: string; userId: string; courseId: string; competitionId: string | null }>(sql`
    select s.id, s.user_id as "userId", c.id as "courseId", c.competition_id as "competitionId"
    from course_students s join courses c on c.id = s.course_id where s.id = any(${sql.param([...studentIds])}::uuid[])`);
  for (const { id, userId, courseId, competitionId } of rows) {
    const course = { id: courseId, competitionId };
    await recordCourseEvent(tx, course, { actorId: userId }, { kind: 'student-linked', subject: id });
  }
}
