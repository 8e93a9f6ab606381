'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { findOwnStudent } from '#lib/db/course-roster.ts';
import { getVisibleCourse } from '#lib/db/courses.ts';
import { giveConsent, withdrawConsent } from '#lib/db/shortlist.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

const ConsentForm = z.object({ contact: z.string().max(1000) });

export async function agree(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { course, own } = await requireStudent(slug);
    const { contact } = ConsentForm.parse(Object.fromEntries(form));
    await giveConsent(webDatabase(), course, own, contact);
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('course.consent-given') };
  });
}

export async function decline(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const { course, own } = await requireStudent(slug);
    await withdrawConsent(webDatabase(), course, own);
    refresh();
    return { status: 'done' };
  });
}

/** Somebody on the roster; for others there is no sheet. */
async function requireStudent(slug: string) {
  const user = await requireUser();
  const { course } = await getVisibleCourse(webDatabase(), slug, user);
  const own = await findOwnStudent(webDatabase(), course.id, user.id);
  if (own === null) throw new NotFoundError('student', user.id);
  return { course, own };
}
