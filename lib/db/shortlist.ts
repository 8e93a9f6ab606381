import { and, eq, isNull } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import type { CourseStudent } from '#lib/db/course-roster.ts';
import { type Course, recordCourseEvent } from '#lib/db/courses.ts';
import { courseStudents, shortlistConsents } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

/*
 * Who agrees to be asked for an interview, and how to reach them. Students say it themselves; nobody says it for them.
 */

export type Consent = { contact: string; givenAt: Date };
export const longestContact = 200;

export async function findConsent(db: Connection, studentId: string): Promise<Consent | null> {
  const rows = await db.select().from(shortlistConsents).where(eq(shortlistConsents.studentId, studentId));
  return rows[0] ?? null;
}

/** By student, of everybody who is in the course. */
export async function listConsents(db: Connection, courseId: string): Promise<Map<string, Consent>> {
  const rows = await db
    .select({ id: shortlistConsents.studentId, contact: shortlistConsents.contact, givenAt: shortlistConsents.givenAt })
    .from(shortlistConsents)
    .innerJoin(courseStudents, eq(courseStudents.id, shortlistConsents.studentId))
    .where(and(eq(courseStudents.courseId, courseId), isNull(courseStudents.removedAt)));
  return new Map(rows.map(({ id, ...consent }) => [id, consent]));
}

/** Given by the student, or changed. Refuses 'contact-missing'. The log does not hold the contact. */
export async function giveConsent(db: Connection, course: Course, own: CourseStudent, contact: string): Promise<void> {
  const line = contact.replace(/\s+/gu, ' ').trim();
  if (line === '' || line.length > longestContact)
    throw new RefusedError('contact-missing', 422, { longest: longestContact });
  await db.transaction(async (tx) => {
    await tx
      .insert(shortlistConsents)
      .values({ studentId: own.id, contact: line })
      .onConflictDoUpdate({ target: shortlistConsents.studentId, set: { contact: line } });
    await recordCourseEvent(tx, course, actOf(own), { kind: 'shortlist-agreed', subject: own.id });
  });
}

/** The contact is forgotten at once. */
export async function withdrawConsent(db: Connection, course: Course, own: CourseStudent): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx.delete(shortlistConsents).where(eq(shortlistConsents.studentId, own.id)).returning();
    if (rows.length > 0)
      await recordCourseEvent(tx, course, actOf(own), { kind: 'shortlist-declined', subject: own.id });
  });
}

function actOf({ userId }: CourseStudent): Act {
  return { actorId: userId };
}
