'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCourseOrganiser } from '#lib/auth.ts';
import { readRoster } from '#lib/course/roster-file.ts';
import type { Encoding } from '#lib/course/table-file.ts';
import {
  compareRoster,
  importRoster,
  inviteStudents,
  type RosterChange,
  removeStudent,
} from '#lib/db/course-roster.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../language.ts';
import { actOf } from '../../../../organise/[slug]/staff.ts';
import { refusable } from '../../../../refusal.ts';
import { type BrokenFile, brokenFile, fileOf } from '../broken-file.ts';

export type RosterPreview = {
  status: 'preview';
  encoding: Encoding;
  counts: Record<RosterChange['kind'], number>;
  /** Of the course and not in the file: they stay. */
  others: number;
  rows: { number: string; name: string; group: string; email: string; kind: RosterChange['kind'] }[];
};
export type RosterAnswer = ActionAnswer | BrokenFile | RosterPreview;

const RosterForm = z.object({ file: z.instanceof(File), intent: z.enum(['check', 'import']) });
const OneForm = z.object({ number: z.string(), name: z.string(), email: z.string(), group: z.string() });
const RemovalForm = z.object({ student: z.uuid(), reason: z.string().trim().max(500) });

/** Reads the roster in the form's file, and shows what it would do or does it. */
export async function bringRoster(slug: string, _previous: unknown, form: FormData): Promise<RosterAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { file, intent } = RosterForm.parse(Object.fromEntries(form));
    const { t } = await pageLanguage();
    const read = readRoster(await fileOf(file));
    if (!read.ok) return brokenFile(read, t);
    if (intent === 'import') {
      const counts = await importRoster(webDatabase(), course, read.values, actOf(user));
      refresh();
      return { status: 'done', sentence: t('course.roster-imported', counts) };
    }
    const { changes, others } = await compareRoster(webDatabase(), course.id, read.values);
    const counts = { new: 0, changed: 0, relinked: 0, same: 0 };
    for (const { kind } of changes) counts[kind] += 1;
    const rows = changes.map(({ entry, kind }) => ({
      number: entry.studentNumber,
      name: entry.name,
      group: entry.groupName,
      email: entry.address.email,
      kind,
    }));
    return { status: 'preview', encoding: read.encoding, counts, others, rows };
  });
}

/** One student by hand: the same table with one row, so that the same rules hold. */
export async function addStudent(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { number, name, email, group } = OneForm.parse(Object.fromEntries(form));
    const { t } = await pageLanguage();
    const cells = [number, name, email, group].map((cell) => `"${cell.replaceAll('"', '""')}"`).join();
    const read = readRoster(new TextEncoder().encode(`student_id,name,email,group\n${cells}\n`));
    if (!read.ok) {
      const { problems } = brokenFile(read, t);
      return { status: 'refused', sentence: problems.map(({ sentence }) => sentence).join(' ') };
    }
    const counts = await importRoster(webDatabase(), course, read.values, actOf(user));
    refresh();
    return { status: 'done', sentence: t('course.roster-imported', counts) };
  });
}

export async function invite(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { language, t } = await pageLanguage();
    const count = await inviteStudents(webDatabase(), course, language, actOf(user));
    refresh();
    return { status: 'done', sentence: t('course.invited', { count }) };
  });
}

export async function dropStudent(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseOrganiser(slug);
    const { student, reason } = RemovalForm.parse(Object.fromEntries(form));
    await removeStudent(webDatabase(), course, student, actOf(user, reason));
    refresh();
    return { status: 'done' };
  });
}
