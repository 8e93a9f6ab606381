import { notFound } from 'next/navigation';
import { cache } from 'react';
import { currentUser, type User } from '#lib/auth.ts';
import { readClock } from '#lib/db/client.ts';
import type { Role } from '#lib/db/competitions.ts';
import { type CourseStudent, findOwnStudent } from '#lib/db/course-roster.ts';
import { type Course, getVisibleCourse } from '#lib/db/courses.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { type PageLanguage, pageLanguage } from '../../language.ts';

/** Who looks at which course, when, in which language; `own` is their row of the roster. */
export type CourseVisit = PageLanguage & {
  slug: string;
  course: Course;
  role: Role | null;
  user: User | null;
  own: CourseStudent | null;
  now: Date;
  print: (instant: Date) => string;
};

/** What every page of a course begins with; once per request. Ends in the 404 page where there is nothing to see. */
export const courseVisit = cache(async (slug: string): Promise<CourseVisit> => {
  const db = webDatabase();
  const user = await currentUser();
  const found = await getVisibleCourse(db, slug, user).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  const language = await pageLanguage();
  const { course } = found;
  const print = (instant: Date) => language.formats.shortInstant(instant, course.timeZone);
  const own = user && (await findOwnStudent(db, course.id, user.id));
  return { ...language, ...found, slug, user, own, now: await readClock(db), print };
});
