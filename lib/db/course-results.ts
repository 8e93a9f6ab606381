import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Deadlines, Marked } from '#lib/course/homework.ts';
import { reasonOf } from '#lib/db/audit.ts';
import { type Connection, one, violatedConstraint } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { getHomework } from '#lib/db/course-programme.ts';
import { getStudent } from '#lib/db/course-roster.ts';
import { type Course, lockCourse, recordCourseEvent } from '#lib/db/courses.ts';
import { courseStudents, homeworkExtensions, homeworkResults, users } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

/*
 * What students handed in, and what was agreed with one of them. The newest row counts, and nothing is changed or removed.
 */

/** Null takes a mark back. `was` is what the page showed: somebody else's change meanwhile is not overwritten. */
export type TypedResult = { studentId: string; marked: Marked | null; was: Marked | null };
export type Recorded = {
  homeworkId: string;
  studentId: string;
  marked: Marked | null;
  reason: string;
  recordedAt: Date;
  recordedBy: string | null;
};
export type Extension = Deadlines & {
  id: string;
  homeworkId: string;
  studentId: string;
  reason: string;
  createdAt: Date;
  createdBy: string | null;
  revokedAt: Date | null;
};

/** The newest of each student and homework. */
export async function listHomeworkMarks(db: Connection, courseId: string): Promise<Omit<Recorded, 'recordedBy'>[]> {
  const rows = await db
    .selectDistinctOn([homeworkResults.studentId, homeworkResults.homeworkId])
    .from(homeworkResults)
    .where(eq(homeworkResults.courseId, courseId))
    .orderBy(asc(homeworkResults.studentId), asc(homeworkResults.homeworkId), desc(homeworkResults.id));
  return rows.map((row) => ({ ...row, marked: markedOf(row) }));
}

/** Everything that was ever recorded of a student, newest first. */
export async function listMarkHistory(db: Connection, studentId: string): Promise<Recorded[]> {
  const rows = await db
    .select({ result: homeworkResults, by: users.name })
    .from(homeworkResults)
    .leftJoin(users, eq(users.id, homeworkResults.recordedBy))
    .where(eq(homeworkResults.studentId, studentId))
    .orderBy(desc(homeworkResults.id));
  return rows.map(({ result, by }) => ({ ...result, marked: markedOf(result), recordedBy: by }));
}

/**
 * Records what differs from what stands, all or nothing, and returns how many. Refuses 'edited-result' where somebody changed one
 * meanwhile, and 'no-reason' where something that was recorded before becomes something else.
 */
export async function recordResults(
  db: Connection,
  course: Course,
  homeworkId: string,
  typed: readonly TypedResult[],
  act: Act,
): Promise<number> {
  return db.transaction(async (tx) => {
    await lockCourse(tx, course.id);
    await getHomework(tx, course.id, homeworkId);
    const now = new Map(
      (await listHomeworkMarks(tx, course.id))
        .filter((one) => one.homeworkId === homeworkId)
        .map(({ studentId, marked }) => [studentId, marked]),
    );
    const changed = typed.filter(({ studentId, marked }) => !isSame(now.get(studentId) ?? null, marked));
    for (const { studentId, was } of changed) {
      if (isSame(now.get(studentId) ?? null, was)) continue;
      const { name } = await getStudent(tx, course.id, studentId);
      throw new RefusedError('edited-result', 409, { name });
    }
    const isCorrection = changed.some(({ studentId }) => now.has(studentId));
    const reason = isCorrection ? reasonOf(act) : (act.reason ?? '').trim();
    if (changed.length === 0) return 0;
    await writeMarks(tx, course.id, homeworkId, changed, { ...act, reason });
    const details = { students: changed.map(({ studentId }) => studentId) };
    await recordCourseEvent(tx, course, { ...act, reason }, { kind: 'homework-marked', subject: homeworkId, details });
    return changed.length;
  });
}

/** Of one student, or of all of the course; revoked ones too, newest first. */
export async function listExtensions(db: Connection, courseId: string, studentId?: string): Promise<Extension[]> {
  const rows = await db
    .select({ extension: homeworkExtensions, by: users.name })
    .from(homeworkExtensions)
    .leftJoin(users, eq(users.id, homeworkExtensions.createdBy))
    .where(
      and(
        eq(homeworkExtensions.courseId, courseId),
        studentId === undefined ? undefined : eq(homeworkExtensions.studentId, studentId),
      ),
    )
    .orderBy(desc(homeworkExtensions.createdAt), desc(homeworkExtensions.id));
  return rows.map(({ extension, by }) => ({ ...extension, createdBy: by }));
}

/** What stands agreed: the newest of each student and homework that was not taken back. By student, then by homework. */
export async function standingExtensions(
  db: Connection,
  courseId: string,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Deadlines>>> {
  const standing = new Map<string, Map<string, Deadlines>>();
  for (const { studentId, homeworkId, softAt, hardAt, revokedAt } of await listExtensions(db, courseId)) {
    const own = standing.get(studentId) ?? new Map<string, Deadlines>();
    standing.set(studentId, own);
    if (revokedAt === null && !own.has(homeworkId)) own.set(homeworkId, { softAt, hardAt });
  }
  return standing;
}

/** Agrees later deadlines with one student. Refuses 'extension-order' and 'extension-no-later'. */
export async function grantExtension(
  db: Connection,
  course: Course,
  which: { homeworkId: string; studentId: string },
  { softAt, hardAt }: Deadlines,
  act: Act,
): Promise<void> {
  const reason = reasonOf(act);
  try {
    await db.transaction(async (tx) => {
      const homework = await getHomework(tx, course.id, which.homeworkId);
      await getStudent(tx, course.id, which.studentId);
      const isLater = softAt >= homework.softAt && hardAt >= homework.hardAt;
      const isSomething = softAt > homework.softAt || hardAt > homework.hardAt;
      if (!isLater || !isSomething) throw new RefusedError('extension-no-later', 422);
      const values = { ...which, courseId: course.id, softAt, hardAt, reason, createdBy: act.actorId };
      const { id } = one(await tx.insert(homeworkExtensions).values(values).returning(), 'extension', which.studentId);
      const details = { ...which, softAt, hardAt };
      await recordCourseEvent(tx, course, { ...act, reason }, { kind: 'extension-granted', subject: id, details });
    });
  } catch (error) {
    throw violatedConstraint(error) === 'extension_in_order' ? new RefusedError('extension-order', 422) : error;
  }
}

/** The deadlines for all hold again. */
export async function revokeExtension(db: Connection, course: Course, id: string, act: Act): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    const standing = and(
      eq(homeworkExtensions.id, id),
      eq(homeworkExtensions.courseId, course.id),
      isNull(homeworkExtensions.revokedAt),
    );
    const rows = await tx.update(homeworkExtensions).set({ revokedAt: sql`rostrum_now()` }).where(standing).returning();
    one(rows, 'extension', id);
    await recordCourseEvent(tx, course, { ...act, reason }, { kind: 'extension-revoked', subject: id });
  });
}

async function writeMarks(
  tx: Connection,
  courseId: string,
  homeworkId: string,
  typed: readonly TypedResult[],
  act: Act,
) {
  const numbers = await tx
    .select({ id: courseStudents.id })
    .from(courseStudents)
    .where(and(eq(courseStudents.courseId, courseId), isNull(courseStudents.removedAt)));
  const known = new Set(numbers.map(({ id }) => id));
  for (const { studentId } of typed) one(known.has(studentId) ? [studentId] : [], 'student', studentId);
  await tx.insert(homeworkResults).values(
    typed.map(({ studentId, marked }) => ({
      courseId,
      homeworkId,
      studentId,
      points: marked?.points ?? null,
      handedInAt: marked?.handedInAt ?? null,
      reason: act.reason ?? '',
      recordedBy: act.actorId,
    })),
  );
}

function markedOf({ points, handedInAt }: { points: number | null; handedInAt: Date | null }): Marked | null {
  return points === null || handedInAt === null ? null : { points, handedInAt };
}

function isSame(a: Marked | null, b: Marked | null): boolean {
  if (a === null || b === null) return a === b;
  return a.points === b.points && a.handedInAt.getTime() === b.handedInAt.getTime();
}
