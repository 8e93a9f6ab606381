'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { createCourse, mayCreateCourses } from '#lib/db/courses.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError, RefusedError } from '#lib/errors.ts';
import { isTimeZone } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../refusal.ts';

const line = (most: number) => z.string().trim().max(most);
const CreateForm = z.object({
  slug: line(60),
  nameRu: line(120),
  nameEn: line(120),
  timeZone: line(60),
  competition: line(60),
});

/** Administrators, and who organises a competition; a course is run by who made it. */
export async function createNewCourse(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    if (!(await mayCreateCourses(webDatabase(), user))) throw new ForbiddenError();
    const { slug, nameRu, nameEn, timeZone, competition } = CreateForm.parse(Object.fromEntries(form));
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length < 2) throw new RefusedError('slug-invalid', 422);
    if (!isTimeZone(timeZone)) throw new RefusedError('time-zone-unknown', 422);
    const linked = competition === '' ? null : await getOrganisedCompetition(webDatabase(), competition, user);
    const names = { nameRu: nameRu || nameEn || slug, nameEn: nameEn || nameRu || slug };
    const course = { slug, ...names, timeZone, competitionId: linked?.id ?? null };
    await createCourse(webDatabase(), course, { actorId: user.id });
    redirect(`/course/${slug}/manage`);
  });
}
