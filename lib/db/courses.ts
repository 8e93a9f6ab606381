import { and, asc, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import { type CourseSettings, defaultSettings } from '#lib/course/settings.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock, violatedConstraint } from '#lib/db/client.ts';
import { type Act, findRole, type Role, type Viewer } from '#lib/db/competitions.ts';
import { competitionRoles, competitions, courseStudents, courses } from '#lib/db/schema.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import type { EventKind } from '#lib/event-kinds.ts';

/*
 * Courses and who may do what in them. Who made a course runs it; with a competition, its organisers and assistants do, too.
 */

export type Course = typeof courses.$inferSelect;
export type CourseTexts = Pick<Course, 'nameRu' | 'nameEn' | 'aboutRu' | 'aboutEn'>;
export type NewCourse = Pick<Course, 'slug' | 'nameRu' | 'nameEn' | 'timeZone' | 'competitionId'> & {
  isDemo?: boolean;
};

export async function findCourse(db: Connection, slug: string): Promise<Course | null> {
  return (await db.select().from(courses).where(eq(courses.slug, slug)))[0] ?? null;
}

/** The course and somebody's part in it, null where they have none; NotFoundError for a draft that is not theirs to see. */
export async function getVisibleCourse(
  db: Connection,
  slug: string,
  viewer: Viewer | null,
): Promise<{ course: Course; role: Role | null }> {
  const course = one(await db.select().from(courses).where(eq(courses.slug, slug)), 'course', slug);
  const role = viewer && (await findCourseRole(db, course, viewer));
  if (role === null && !isPublished(course, await readClock(db))) throw new NotFoundError('course', slug);
  return { course, role };
}

/** As who helps to run it; for everybody else there is no such course. */
export async function getStaffedCourse(
  db: Connection,
  slug: string,
  viewer: Viewer,
): Promise<{ course: Course; role: Role }> {
  const { course, role } = await getVisibleCourse(db, slug, viewer);
  if (role === null) throw new NotFoundError('course', slug);
  return { course, role };
}

export async function findCourseRole(db: Connection, course: Course, viewer: Viewer): Promise<Role | null> {
  if (viewer.isAdministrator || course.createdBy === viewer.id) return 'organiser';
  return course.competitionId === null ? null : findRole(db, course.competitionId, viewer.id);
}

export function isPublished({ publishedAt }: Course, now: Date): boolean {
  return publishedAt !== null && publishedAt <= now;
}

/** What somebody runs or helps to run, newest first; administrators all. */
export async function listCoursesRunBy(db: Connection, viewer: Viewer): Promise<Course[]> {
  const staff = db
    .select({ id: competitionRoles.competitionId })
    .from(competitionRoles)
    .where(eq(competitionRoles.userId, viewer.id));
  return db
    .select()
    .from(courses)
    .where(
      viewer.isAdministrator
        ? undefined
        : sql`${courses.createdBy} = ${viewer.id} or ${courses.competitionId} in (${staff})`,
    )
    .orderBy(desc(courses.createdAt), asc(courses.slug));
}

/** Of whose roster somebody is, newest first; only what is published. */
export async function listCoursesOfStudent(db: Connection, userId: string): Promise<Course[]> {
  return db
    .select(getTableColumns(courses))
    .from(courses)
    .innerJoin(courseStudents, eq(courseStudents.courseId, courses.id))
    .where(
      and(
        eq(courseStudents.userId, userId),
        isNull(courseStudents.removedAt),
        sql`${courses.publishedAt} <= rostrum_now()`,
      ),
    )
    .orderBy(desc(courses.createdAt), asc(courses.slug));
}

export async function listPublishedCourses(db: Connection): Promise<Course[]> {
  return db
    .select()
    .from(courses)
    .where(sql`${courses.publishedAt} <= rostrum_now()`)
    .orderBy(desc(courses.createdAt), asc(courses.slug));
}

/** The course that a competition is the project of; drafts too. */
export async function findCourseOfCompetition(db: Connection, competitionId: string): Promise<Course | null> {
  return (await db.select().from(courses).where(eq(courses.competitionId, competitionId)))[0] ?? null;
}

/** Whether somebody may make courses: administrators, and who organises a competition. */
export async function mayCreateCourses(db: Connection, viewer: Viewer): Promise<boolean> {
  if (viewer.isAdministrator) return true;
  const { rows } = await db.execute<{ may: boolean }>(
    sql`select exists (select from competition_roles where user_id = ${viewer.id} and role = 'organiser') as may`,
  );
  return rows[0]!.may;
}

/** Refuses a slug that is taken and a competition that has a course. Who may link which competition is the caller's to check. */
export async function createCourse(db: Connection, course: NewCourse, act: Act): Promise<Course> {
  return refusing(() =>
    db.transaction(async (tx) => {
      const values = { ...course, settings: defaultSettings, createdBy: act.actorId };
      const created = one(await tx.insert(courses).values(values).returning(), 'course', course.slug);
      await recordCourseEvent(tx, created, act, { kind: 'course-created', subject: created.id });
      return created;
    }),
  );
}

export async function updateCourseTexts(db: Connection, course: Course, texts: CourseTexts, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.update(courses).set(texts).where(eq(courses.id, course.id));
    const changed = (Object.keys(texts) as (keyof CourseTexts)[]).filter((key) => texts[key] !== course[key]);
    await recordCourseEvent(tx, course, act, { kind: 'course-changed', subject: course.id, details: { changed } });
  });
}

/** Null takes the competition away. Refuses one that has a course already. */
export async function linkCompetition(
  db: Connection,
  course: Course,
  competitionId: string | null,
  act: Act,
): Promise<void> {
  await refusing(() =>
    db.transaction(async (tx) => {
      await tx.update(courses).set({ competitionId }).where(eq(courses.id, course.id));
      const details = { from: course.competitionId, to: competitionId };
      await recordCourseEvent(tx, { ...course, competitionId }, act, {
        kind: 'course-linked',
        subject: course.id,
        details,
      });
    }),
  );
}

/** What has to be known before teams begin. */
const fixedAtStart = ['equalBy', 'baselineNeedsSignificance'] as const satisfies readonly (keyof CourseSettings)[];

/**
 * Changes how points are counted, with a reason once people can read the rules. What decides by significance has to be settled before
 * the competition takes files: 'course-rules-fixed'. Published sheets stay as they are until the next is published.
 */
export async function updateCourseSettings(
  db: Connection,
  id: string,
  settings: CourseSettings,
  act: Act,
): Promise<void> {
  await db.transaction(async (tx) => {
    const course = await lockCourse(tx, id);
    const before = course.settings;
    const keys = Object.keys(settings) as (keyof CourseSettings)[];
    const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(settings[key]));
    if (changed.length === 0) return;
    const now = await readClock(tx);
    if (isPublished(course, now) && (act.reason ?? '').trim() === '') throw new RefusedError('no-reason', 422);
    if (changed.some((key) => fixedAtStart.some((fixed) => fixed === key)) && (await hasBegun(tx, course, now))) {
      throw new RefusedError('course-rules-fixed', 409);
    }
    await tx.update(courses).set({ settings }).where(eq(courses.id, id));
    const details = Object.fromEntries(changed.map((key) => [key, { from: before[key], to: settings[key] }]));
    await recordCourseEvent(tx, course, act, { kind: 'course-rules-changed', subject: id, details });
  });
}

/** Lets everybody see the programme. */
export async function publishCourse(db: Connection, course: Course, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    const draft = and(eq(courses.id, course.id), isNull(courses.publishedAt));
    const rows = await tx.update(courses).set({ publishedAt: sql`rostrum_now()` }).where(draft).returning();
    if (rows.length > 0) await recordCourseEvent(tx, course, act, { kind: 'course-published', subject: course.id });
  });
}

/** Held to the end of the transaction: acts on one course follow one another. */
export async function lockCourse(tx: Connection, id: string): Promise<Course> {
  return one(await tx.select().from(courses).where(eq(courses.id, id)).for('no key update'), 'course', id);
}

type CourseEvent = { kind: EventKind; subject: string; details?: Record<string, unknown> };

/** In the log of the competition where there is one; the course stands in the details. */
export async function recordCourseEvent(
  tx: Connection,
  { id, competitionId }: Pick<Course, 'id' | 'competitionId'>,
  { actorId, reason = '' }: Act,
  { kind, subject, details = {} }: CourseEvent,
): Promise<void> {
  await recordEvent(tx, {
    actorId,
    ...(competitionId === null ? {} : { competitionId }),
    kind,
    subject,
    reason: reason.trim(),
    details: { courseId: id, ...details },
  });
}

async function hasBegun(db: Connection, { competitionId }: Course, now: Date): Promise<boolean> {
  if (competitionId === null) return false;
  const columns = { startsAt: competitions.submissionsStartAt };
  const rows = await db.select(columns).from(competitions).where(eq(competitions.id, competitionId));
  return one(rows, 'competition', competitionId).startsAt <= now;
}

async function refusing<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'courses_slug_key':
        throw new RefusedError('slug-taken', 409);
      case 'one_course_per_competition':
        throw new RefusedError('course-of-competition', 409);
      default:
        throw error;
    }
  }
}
