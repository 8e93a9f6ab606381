'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCourseStaff } from '#lib/auth.ts';
import { grantExtension, revokeExtension } from '#lib/db/course-results.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { fromLocalInput } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../../language.ts';
import { actOf } from '../../../../../organise/[slug]/staff.ts';
import { refusable } from '../../../../../refusal.ts';

const reason = z.string().trim().max(500);
const local = z.string().max(40);
const ExtensionForm = z.object({ homework: z.uuid(), student: z.uuid(), softAt: local, hardAt: local, reason });
const RevocationForm = z.object({ extension: z.uuid(), reason });

export async function extendDeadline(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseStaff(slug);
    const typed = ExtensionForm.parse(Object.fromEntries(form));
    const { t } = await pageLanguage();
    const instant = (text: string, field: string) => {
      const read = fromLocalInput(text, course.timeZone);
      if (read === null) throw new RefusedError('instant-invalid', 422, { field });
      return read;
    };
    const deadlines = {
      softAt: instant(typed.softAt, t('course.field-soft')),
      hardAt: instant(typed.hardAt, t('course.field-hard')),
    };
    const which = { homeworkId: typed.homework, studentId: typed.student };
    await grantExtension(webDatabase(), course, which, deadlines, actOf(user, typed.reason));
    refresh();
    return { status: 'done', sentence: t('course.extension-granted') };
  });
}

export async function takeExtensionBack(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseStaff(slug);
    const { extension, reason } = RevocationForm.parse(Object.fromEntries(form));
    await revokeExtension(webDatabase(), course, extension, actOf(user, reason));
    refresh();
    return { status: 'done' };
  });
}
