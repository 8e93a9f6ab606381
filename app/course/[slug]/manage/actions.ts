'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCourseOrganiser } from '#lib/auth.ts';
import { readSettings } from '#lib/course/typed-settings.ts';
import { linkCompetition, publishCourse, updateCourseSettings, updateCourseTexts } from '#lib/db/courses.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { actOf } from '../../../organise/[slug]/staff.ts';
import { refusable } from '../../../refusal.ts';

const line = z.string().trim().max(500);
const name = z.string().trim().min(1).max(120);
const text = z
  .string()
  .max(40_000)
  .transform((typed) => typed.replaceAll('\r\n', '\n').trim().slice(0, 20_000));
const TextsForm = z.object({ nameRu: name, nameEn: name, aboutRu: text, aboutEn: text });
const SettingsForm = z.object({
  penaltyPerDay: line,
  baselinePoints: line,
  baselineNeedsSignificance: z.literal('on').optional(),
  placePoints: line,
  placeTable: z.string().max(2000),
  equalBy: z.enum(['errors', 'tie-classes']),
  threshold3: line,
  threshold4: line,
  threshold5: line,
  shortlistSize: line,
  reason: line,
});
const LinkForm = z.object({ competition: line });

export async function saveCourseTexts(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    await updateCourseTexts(webDatabase(), course, TextsForm.parse(Object.fromEntries(form)), actOf(user));
    return saved();
  });
}

export async function saveCourseSettings(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { reason, baselineNeedsSignificance, ...typed } = SettingsForm.parse(Object.fromEntries(form));
    const read = readSettings({ ...typed, baselineNeedsSignificance: baselineNeedsSignificance === 'on' });
    if (!read.ok) {
      const { t } = await pageLanguage();
      throw new RefusedError('course-setting', 422, { field: t(`course.setting-${read.field}`) });
    }
    await updateCourseSettings(webDatabase(), course.id, read.settings, actOf(user, reason));
    return saved();
  });
}

/** Only to a competition that the person organises, too: its result and its staff come with it. */
export async function saveCompetitionLink(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { competition: chosen } = LinkForm.parse(Object.fromEntries(form));
    const competition = chosen === '' ? null : await getOrganisedCompetition(webDatabase(), chosen, user);
    await linkCompetition(webDatabase(), course, competition?.id ?? null, actOf(user));
    return saved();
  });
}

export async function openCourse(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    await publishCourse(webDatabase(), course, actOf(user));
    refresh();
    return { status: 'done' };
  });
}

async function saved(): Promise<ActionAnswer> {
  refresh();
  return { status: 'done', sentence: (await pageLanguage()).t('course.saved') };
}
