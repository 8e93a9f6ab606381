'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { createCourse, mayCreateCourses } from '#lib/db/courses.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { line, placeOf, placeShape } from '../place-form.ts';
import { refusable } from '../refusal.ts';

const CreateForm = z.object({ ...placeShape, competition: line(60) });

/** Administrators, and who organises a competition; a course is run by who made it. */
export async function createNewCourse(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    if (!(await mayCreateCourses(webDatabase(), user))) throw new ForbiddenError();
    const { competition, ...typed } = CreateForm.parse(Object.fromEntries(form));
    const place = placeOf(typed);
    const linked = competition === '' ? null : await getOrganisedCompetition(webDatabase(), competition, user);
    await createCourse(webDatabase(), { ...place, competitionId: linked?.id ?? null }, { actorId: user.id });
    redirect(`/course/${place.slug}/manage`);
  });
}
