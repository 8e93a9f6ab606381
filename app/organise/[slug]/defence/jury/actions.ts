'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { setPointsForMarks } from '#lib/db/defence.ts';
import { addCriterion, removeCriterion } from '#lib/db/jury.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../language.ts';
import { refusable } from '../../../../refusal.ts';

const name = z.string().trim().max(120);
const CriterionForm = z.object({ nameRu: name, nameEn: name, highest: z.coerce.number().int().min(2).max(100) });
const DropForm = z.object({ criterion: z.uuid() });
const PointsForm = z.object({
  version: z.coerce.number().int().min(0),
  points: z
    .literal('')
    .transform(() => null)
    .or(z.coerce.number().int().min(1).max(100)),
});

/** A name in one language is read in both. */
export async function createCriterion(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { nameRu, nameEn, highest } = CriterionForm.parse(Object.fromEntries(form));
    const field = (await pageLanguage()).t('jury.name-ru');
    if (nameRu === '' && nameEn === '') throw new RefusedError('course-setting', 422, { field });
    const criterion = { nameRu: nameRu || nameEn, nameEn: nameEn || nameRu, highest };
    await addCriterion(webDatabase(), competition.id, criterion, { actorId: user.id });
    refresh();
    return { status: 'done' };
  });
}

export async function dropCriterion(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { criterion } = DropForm.parse(Object.fromEntries(form));
    await removeCriterion(webDatabase(), competition.id, criterion, { actorId: user.id });
    refresh();
    return { status: 'done' };
  });
}

export async function savePoints(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, points } = PointsForm.parse(Object.fromEntries(form));
    const change = { actorId: user.id, competitionId: competition.id, version };
    refresh();
    await setPointsForMarks(webDatabase(), change, points);
    return { status: 'done' };
  });
}
