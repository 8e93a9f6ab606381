'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCourseOrganiser } from '#lib/auth.ts';
import { isWebAddress, readMaterials } from '#lib/course/programme.ts';
import { readPoints } from '#lib/course/results-file.ts';
import { removeHomework, removeLecture, saveHomework, saveLecture } from '#lib/db/course-programme.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { fromLocalInput } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../language.ts';
import { actOf } from '../../../../organise/[slug]/staff.ts';
import { refusable } from '../../../../refusal.ts';

const title = z.string().trim().max(200);
const local = z.string().max(40);
const id = z.union([z.literal(''), z.uuid()]);
const HomeworkForm = z.object({
  id,
  titleRu: title,
  titleEn: title,
  link: z.string().trim().max(500),
  maxPoints: z.string().max(20),
  handedOutAt: local,
  softAt: local,
  hardAt: local,
});
const LectureForm = z.object({
  id,
  titleRu: title,
  titleEn: title,
  heldAt: local,
  materials: z.string().max(20_000),
  belongs: z.union([z.enum(['', 'project']), z.uuid()]),
});
const RemovalForm = z.object({ id: z.uuid() });

export async function writeHomework(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { id: which, link, maxPoints, ...typed } = HomeworkForm.parse(Object.fromEntries(form));
    const points = readPoints(maxPoints, 1000);
    if (points === null || points === 0) throw await wrong('max-points');
    if (link !== '' && !isWebAddress(link)) throw await wrong('link');
    const homework = {
      ...(await titles(typed)),
      link: link || null,
      maxPoints: points,
      handedOutAt: await instant(typed.handedOutAt, course.timeZone, 'handed-out-at'),
      softAt: await instant(typed.softAt, course.timeZone, 'soft'),
      hardAt: await instant(typed.hardAt, course.timeZone, 'hard'),
    };
    await saveHomework(webDatabase(), course, which || null, homework, actOf(user));
    return saved();
  });
}

export async function dropHomework(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    await removeHomework(webDatabase(), course, RemovalForm.parse(Object.fromEntries(form)).id, actOf(user));
    return saved();
  });
}

export async function writeLecture(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { id: which, materials, belongs, ...typed } = LectureForm.parse(Object.fromEntries(form));
    const read = readMaterials(materials);
    if (!read.ok) throw new RefusedError('material-line', 422, read.problem);
    const isProject = belongs === 'project';
    const lecture = {
      ...(await titles(typed)),
      heldAt: await instant(typed.heldAt, course.timeZone, 'held-at'),
      materials: read.materials,
      homeworkId: isProject || belongs === '' ? null : belongs,
      isProject,
    };
    await saveLecture(webDatabase(), course, which || null, lecture, actOf(user));
    return saved();
  });
}

export async function dropLecture(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    await removeLecture(webDatabase(), course, RemovalForm.parse(Object.fromEntries(form)).id, actOf(user));
    return saved();
  });
}

/** A language that is left empty takes the other's title. */
async function titles({ titleRu, titleEn }: { titleRu: string; titleEn: string }) {
  if (titleRu === '' && titleEn === '') throw await wrong('title');
  return { titleRu: titleRu || titleEn, titleEn: titleEn || titleRu };
}

type FieldName = 'max-points' | 'link' | 'title' | 'handed-out-at' | 'soft' | 'hard' | 'held-at';

async function instant(typed: string, timeZone: string, field: FieldName): Promise<Date> {
  const read = fromLocalInput(typed, timeZone);
  if (read === null) throw new RefusedError('instant-invalid', 422, { field: await labelOf(field) });
  return read;
}

async function wrong(field: FieldName): Promise<RefusedError> {
  return new RefusedError('course-setting', 422, { field: await labelOf(field) });
}

async function labelOf(field: FieldName): Promise<string> {
  return (await pageLanguage()).t(`course.field-${field}`);
}

async function saved(): Promise<ActionAnswer> {
  refresh();
  return { status: 'done', sentence: (await pageLanguage()).t('course.saved') };
}
