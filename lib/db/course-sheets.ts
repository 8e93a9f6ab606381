import { createHash } from 'node:crypto';
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { nameOf } from '#lib/competition.ts';
import type { Marked } from '#lib/course/homework.ts';
import { type Attendance, makeSheet, type Sheet, type SheetRow, type Student } from '#lib/course/sheet.ts';
import { reasonOf } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { listHomeworks } from '#lib/db/course-programme.ts';
import { listHomeworkMarks, standingExtensions } from '#lib/db/course-results.ts';
import { listStudents } from '#lib/db/course-roster.ts';
import { type Course, lockCourse, recordCourseEvent } from '#lib/db/courses.ts';
import { getPlan } from '#lib/db/defence.ts';
import { listCriteria, listMarks } from '#lib/db/jury.ts';
import { type MailedAct, mailPeople } from '#lib/db/notices.ts';
import { findResults } from '#lib/db/results.ts';
import { courseSheetRows, courseSheets, courseStudents } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import { pointsFromMarks } from '#lib/marks.ts';

/*
 * The sheet as it stands now, and the ones that were published. Private results come in from the reveal on only, through the view that
 * everybody's result page reads.
 */

export type Preview = {
  sheet: Sheet;
  /** Tells whether the sheet that is published is the one that was looked at. */
  digest: string;
};
export type Published = Omit<Sheet, 'rows'> & { version: number; reason: string; publishedAt: Date };
/** One student's part of one published sheet. */
export type OwnSheet = { sheet: Published; row: SheetRow };

export async function previewSheet(db: Connection, course: Course): Promise<Preview> {
  const { id, timeZone, settings, competitionId } = course;
  const homeworks = await listHomeworks(db, id);
  const students = await studentsOf(db, course);
  const results = competitionId === null ? null : await findResults(db, competitionId);
  const pointsForMarks = competitionId === null ? null : await pointsOfJurors(db, competitionId);
  const sheet = makeSheet({ timeZone, settings, homeworks, students, results, pointsForMarks });
  return { sheet, digest: createHash('sha256').update(JSON.stringify(sheet)).digest('hex') };
}

/**
 * Publishes the sheet as it stands, which has to be the one of `digest`, else 'sheet-changed'. From the second version on a reason is
 * due. With `byMail` students with an account are told that there is something to look at, and no number.
 */
export async function publishSheet(
  db: Connection,
  courseId: string,
  { digest, byMail }: { digest: string; byMail: boolean },
  act: MailedAct,
): Promise<number> {
  return db.transaction(async (tx) => {
    const course = await lockCourse(tx, courseId);
    const before = await findPublished(tx, courseId);
    const reason = before === null ? (act.reason ?? '').trim() : reasonOf(act);
    const { sheet, digest: current } = await previewSheet(tx, course);
    if (current !== digest) throw new RefusedError('sheet-changed', 409);
    const { rows, ...body } = sheet;
    const version = (before?.version ?? 0) + 1;
    const publishedBy = act.actorId;
    await tx.insert(courseSheets).values({ courseId, version, reason, body: JSON.stringify(body), publishedBy });
    const stored = rows.map((row) => ({ courseId, version, studentId: row.studentId, body: JSON.stringify(row) }));
    if (stored.length > 0) await tx.insert(courseSheetRows).values(stored);
    const details = { version, students: rows.length, isComplete: body.isComplete };
    await recordCourseEvent(tx, course, { ...act, reason }, { kind: 'sheet-published', subject: courseId, details });
    if (byMail) await tellStudents(tx, course, act.site);
    return version;
  });
}

/** The newest; null before the first. */
export async function findPublished(db: Connection, courseId: string): Promise<Published | null> {
  return (await listPublished(db, courseId))[0] ?? null;
}

/** Newest first. */
export async function listPublished(db: Connection, courseId: string): Promise<Published[]> {
  const rows = await db
    .select()
    .from(courseSheets)
    .where(eq(courseSheets.courseId, courseId))
    .orderBy(desc(courseSheets.version));
  return rows.map(publishedOf);
}

/** Everybody's part of one version: for those who run the course. */
export async function getPublishedSheet(
  db: Connection,
  courseId: string,
  version: number,
): Promise<Published & Pick<Sheet, 'rows'>> {
  const which = and(eq(courseSheets.courseId, courseId), eq(courseSheets.version, version));
  const sheet = one(await db.select().from(courseSheets).where(which), 'sheet', String(version));
  const rows = await db
    .select({ body: courseSheetRows.body })
    .from(courseSheetRows)
    .where(and(eq(courseSheetRows.courseId, courseId), eq(courseSheetRows.version, version)));
  return { ...publishedOf(sheet), rows: rows.map(({ body }): SheetRow => JSON.parse(body)) };
}

/** What was published of one student, newest first. Reads no other's rows. */
export async function listOwnSheets(db: Connection, courseId: string, studentId: string): Promise<OwnSheet[]> {
  const rows = await db
    .select({ sheet: courseSheets, body: courseSheetRows.body })
    .from(courseSheetRows)
    .innerJoin(
      courseSheets,
      and(eq(courseSheets.courseId, courseSheetRows.courseId), eq(courseSheets.version, courseSheetRows.version)),
    )
    .where(and(eq(courseSheetRows.courseId, courseId), eq(courseSheetRows.studentId, studentId)))
    .orderBy(desc(courseSheets.version));
  return rows.map(({ sheet, body }) => ({ sheet: publishedOf(sheet), row: JSON.parse(body) }));
}

/** Of each team that was marked; null where marks give no points. */
async function pointsOfJurors(db: Connection, competitionId: string): Promise<Map<string, number> | null> {
  const { pointsForMarks } = await getPlan(db, competitionId);
  if (pointsForMarks === null) return null;
  const criteria = await listCriteria(db, competitionId);
  const { marks } = await listMarks(db, competitionId);
  const teamIds = new Set(marks.map(({ teamId }) => teamId));
  return new Map(
    [...teamIds].map((id) => {
      const own = marks.filter(({ teamId }) => teamId === id);
      return [id, pointsFromMarks(pointsForMarks, criteria, own) ?? 0];
    }),
  );
}

async function studentsOf(db: Connection, course: Course): Promise<Student[]> {
  const marks = new Map<string, Map<string, Marked>>();
  for (const { studentId, homeworkId, marked } of await listHomeworkMarks(db, course.id)) {
    const own = marks.get(studentId) ?? new Map<string, Marked>();
    marks.set(studentId, own);
    if (marked !== null) own.set(homeworkId, marked);
  }
  const extensions = await standingExtensions(db, course.id);
  const members = await membersOf(db, course.competitionId);
  return (await listStudents(db, course.id)).map(({ id, userId }) => ({
    id,
    marked: marks.get(id) ?? new Map(),
    extensions: extensions.get(id) ?? new Map(),
    teamId: members.get(userId ?? '')?.teamId ?? null,
    attendance: members.get(userId ?? '')?.attendance ?? null,
  }));
}

type Member = { teamId: string | null; attendance: Attendance };

/** Team and attendance of everybody in the competition who has either, by account. */
async function membersOf(db: Connection, competitionId: string | null): Promise<Map<string, Member>> {
  if (competitionId === null) return new Map();
  type Row = { userId: string; teamId: string | null; attended: boolean | null; isOverride: boolean };
  const { rows } = await db.execute<Row>(sql`
    select coalesce(m.user_id, a.user_id) as "userId", t.id as "teamId", a.attended,
      a.override_reason is not null as "isOverride"
    from (select * from team_members where competition_id = ${competitionId}) m
    join teams t on t.id = m.team_id and t.disbanded_at is null
    full join (select * from defence_attendance where competition_id = ${competitionId}) a on a.user_id = m.user_id`);
  return new Map(
    rows.map(({ userId, teamId, attended, isOverride }) => [
      userId,
      { teamId, attendance: attendanceOf(attended, isOverride) },
    ]),
  );
}

function attendanceOf(attended: boolean | null, isOverride: boolean): Attendance {
  if (attended === null) return null;
  if (!attended) return 'absent';
  return isOverride ? 'excused' : 'attended';
}

async function tellStudents(tx: Connection, course: Course, site: string): Promise<void> {
  const rows = await tx
    .select({ userId: courseStudents.userId })
    .from(courseStudents)
    .where(
      and(
        eq(courseStudents.courseId, course.id),
        isNotNull(courseStudents.userId),
        sql`${courseStudents.removedAt} is null`,
      ),
    );
  const readers = rows.flatMap(({ userId }) => userId ?? []);
  await mailPeople(tx, readers, { category: 'results', competitionId: null }, (language, t) => {
    const values = { course: nameOf(course, language) };
    return {
      subject: t('course.sheet-mail-subject', values),
      paragraphs: [
        t('course.sheet-mail-text', values),
        { label: t('course.sheet-mail-link'), url: `${site}/course/${course.slug}/sheet` },
      ],
    };
  });
}

function publishedOf({ version, body, reason, publishedAt }: typeof courseSheets.$inferSelect): Published {
  const parsed: Omit<Sheet, 'rows'> = JSON.parse(body);
  return { ...parsed, version, reason, publishedAt };
}
