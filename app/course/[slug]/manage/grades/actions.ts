'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCourseOrganiser } from '#lib/auth.ts';
import { publishSheet } from '#lib/db/course-sheets.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../language.ts';
import { actOf } from '../../../../organise/[slug]/staff.ts';
import { refusable } from '../../../../refusal.ts';

const PublishForm = z.object({
  digest: z.string().length(64),
  reason: z.string().trim().max(500),
  byMail: z.literal('on').optional(),
});

export async function publishGrades(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { digest, reason, byMail } = PublishForm.parse(Object.fromEntries(form));
    const looked = { digest, byMail: byMail === 'on' };
    const version = await publishSheet(webDatabase(), course.id, looked, actOf(user, reason));
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('course.published', { version }) };
  });
}
