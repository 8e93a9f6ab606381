import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Material } from '#lib/course/programme.ts';
import { type Connection, one, violatedConstraint } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { type Course, recordCourseEvent } from '#lib/db/courses.ts';
import { courseHomeworks, courseLectures } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

/*
 * Lectures and homeworks of a course.
 */

export type HomeworkRow = typeof courseHomeworks.$inferSelect;
export type TypedHomework = Pick<
  HomeworkRow,
  'titleRu' | 'titleEn' | 'link' | 'maxPoints' | 'handedOutAt' | 'softAt' | 'hardAt'
>;
export type Lecture = typeof courseLectures.$inferSelect;
export type TypedLecture = {
  heldAt: Date;
  titleRu: string;
  titleEn: string;
  materials: Material[];
  homeworkId: string | null;
  isProject: boolean;
};

/** By their soft deadlines; removed ones are not among them. */
export async function listHomeworks(db: Connection, courseId: string): Promise<HomeworkRow[]> {
  return db
    .select()
    .from(courseHomeworks)
    .where(and(eq(courseHomeworks.courseId, courseId), isNull(courseHomeworks.removedAt)))
    .orderBy(asc(courseHomeworks.softAt), asc(courseHomeworks.id));
}

export async function getHomework(db: Connection, courseId: string, id: string): Promise<HomeworkRow> {
  const which = and(
    eq(courseHomeworks.courseId, courseId),
    eq(courseHomeworks.id, id),
    isNull(courseHomeworks.removedAt),
  );
  return one(await db.select().from(courseHomeworks).where(which), 'homework', id);
}

/** In the order of time. */
export async function listLectures(db: Connection, courseId: string): Promise<Lecture[]> {
  return db
    .select()
    .from(courseLectures)
    .where(eq(courseLectures.courseId, courseId))
    .orderBy(asc(courseLectures.heldAt), asc(courseLectures.id));
}

/** A new homework, or another wording and other dates of one. Refuses 'homework-order'. */
export async function saveHomework(
  db: Connection,
  course: Course,
  id: string | null,
  typed: TypedHomework,
  act: Act,
): Promise<string> {
  try {
    return await db.transaction(async (tx) => {
      const before = id === null ? null : await getHomework(tx, course.id, id);
      const rows =
        id === null
          ? await tx
              .insert(courseHomeworks)
              .values({ ...typed, courseId: course.id })
              .returning()
          : await tx.update(courseHomeworks).set(typed).where(eq(courseHomeworks.id, id)).returning();
      const saved = one(rows, 'homework', id ?? '');
      const { maxPoints, softAt, hardAt } = saved;
      const was = before && { maxPoints: before.maxPoints, softAt: before.softAt, hardAt: before.hardAt };
      const details = { from: was, to: { maxPoints, softAt, hardAt } };
      await recordCourseEvent(tx, course, act, { kind: 'homework-saved', subject: saved.id, details });
      return saved.id;
    });
  } catch (error) {
    throw violatedConstraint(error) === 'homework_in_order' ? new RefusedError('homework-order', 422) : error;
  }
}

/** It no longer counts; what was handed in stays in the history. */
export async function removeHomework(db: Connection, course: Course, id: string, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    await getHomework(tx, course.id, id);
    await tx.update(courseHomeworks).set({ removedAt: sql`rostrum_now()` }).where(eq(courseHomeworks.id, id));
    await tx
      .update(courseLectures)
      .set({ homeworkId: null })
      .where(and(eq(courseLectures.courseId, course.id), eq(courseLectures.homeworkId, id)));
    await recordCourseEvent(tx, course, act, { kind: 'homework-removed', subject: id });
  });
}

export async function saveLecture(
  db: Connection,
  course: Course,
  id: string | null,
  typed: TypedLecture,
  act: Act,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (typed.homeworkId !== null) await getHomework(tx, course.id, typed.homeworkId);
    const own = and(eq(courseLectures.courseId, course.id), eq(courseLectures.id, id ?? course.id));
    const rows =
      id === null
        ? await tx
            .insert(courseLectures)
            .values({ ...typed, courseId: course.id })
            .returning()
        : await tx.update(courseLectures).set(typed).where(own).returning();
    await recordCourseEvent(tx, course, act, { kind: 'lecture-saved', subject: one(rows, 'lecture', id ?? '').id });
  });
}

export async function removeLecture(db: Connection, course: Course, id: string, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    const own = and(eq(courseLectures.courseId, course.id), eq(courseLectures.id, id));
    one(await tx.delete(courseLectures).where(own).returning(), 'lecture', id);
    await recordCourseEvent(tx, course, act, { kind: 'lecture-removed', subject: id });
  });
}
