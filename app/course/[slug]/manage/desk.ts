import { notFound } from 'next/navigation';
import { cache } from 'react';
import { type CourseStaff, requireCourseStaff } from '#lib/auth.ts';
import { NotFoundError } from '#lib/errors.ts';
import { type CourseVisit, courseVisit } from '../visit.ts';

/** Somebody who helps to run a course, at its pages. */
export type CourseDesk = CourseVisit & CourseStaff;

/** Once per request; the 404 page for everybody who has no part in it. */
export const courseDesk = cache(async (slug: string): Promise<CourseDesk> => {
  const staff = await orNotFound(requireCourseStaff(slug));
  return { ...(await courseVisit(slug)), ...staff };
});

/** For pages of organisers alone. */
export async function organiserDesk(slug: string): Promise<CourseDesk> {
  const desk = await courseDesk(slug);
  if (desk.role !== 'organiser') notFound();
  return desk;
}

/** What is not there for this reader is the 404 page. */
export function orNotFound<Value>(found: Promise<Value>): Promise<Value> {
  return found.catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
}
