'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCourseStaff } from '#lib/auth.ts';
import { deadlinesWith, type Marked, pointsOfHomework } from '#lib/course/homework.ts';
import { type ResultEntry, readPoints, readResults } from '#lib/course/results-file.ts';
import type { Encoding } from '#lib/course/table-file.ts';
import { getHomework } from '#lib/db/course-programme.ts';
import { listHomeworkMarks, recordResults, standingExtensions, type TypedResult } from '#lib/db/course-results.ts';
import { listStudents } from '#lib/db/course-roster.ts';
import type { Course } from '#lib/db/courses.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { fromLocalInput, toLocalInput } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../language.ts';
import { actOf } from '../../../../organise/[slug]/staff.ts';
import { refusable } from '../../../../refusal.ts';
import { homeworkSentence, pointsText } from '../../../points.ts';
import { type BrokenFile, brokenFile, fileOf } from '../broken-file.ts';

type Change = 'new' | 'changed' | 'same';
export type ResultsPreview = {
  status: 'preview';
  encoding: Encoding;
  counts: Record<Change, number>;
  rows: { number: string; name: string; marked: string; handedIn: string; how: string; points: string; kind: Change }[];
};
export type ResultsAnswer = ActionAnswer | BrokenFile | ResultsPreview;

const reason = z.string().trim().max(500);
const FileForm = z.object({
  file: z.instanceof(File),
  homework: z.uuid(),
  reason,
  intent: z.enum(['check', 'import']),
});
const GridForm = z.object({ homework: z.uuid(), reason, everybodyAt: z.string().max(40) });

/** Reads one homework's points and hand-in times, and shows what they come to or records them. */
export async function bringResults(slug: string, _previous: unknown, form: FormData): Promise<ResultsAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseStaff(slug);
    const { file, homework: homeworkId, reason, intent } = FileForm.parse(Object.fromEntries(form));
    const { t } = await pageLanguage();
    const homework = await getHomework(webDatabase(), course.id, homeworkId);
    const known = await standing(course, homeworkId);
    const { maxPoints } = homework;
    const isStudent = (number: string) => known.has(number);
    const read = readResults(await fileOf(file), { timeZone: course.timeZone, maxPoints, isStudent });
    if (!read.ok) return brokenFile(read, t);
    if (intent === 'import') {
      const typed = read.values.map((entry) => ({ ...known.get(entry.studentNumber)!, marked: entry }));
      const count = await recordResults(webDatabase(), course, homeworkId, typed, actOf(user, reason));
      refresh();
      return { status: 'done', sentence: t('course.results-recorded', { count }) };
    }
    return { status: 'preview', encoding: read.encoding, ...(await previewOf(course, homework, read.values, known)) };
  });
}

/** Records what was typed into the grid and differs from what stood there. */
export async function typeResults(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, course } = await requireCourseStaff(slug);
    const { homework: homeworkId, reason, everybodyAt } = GridForm.parse(Object.fromEntries(form));
    const { maxPoints } = await getHomework(webDatabase(), course.id, homeworkId);
    const typed: TypedResult[] = [];
    for (const student of await listStudents(webDatabase(), course.id)) {
      const result = typedResult(form, student, { maxPoints, everybodyAt, timeZone: course.timeZone });
      if (result !== null) typed.push(result);
    }
    const count = await recordResults(webDatabase(), course, homeworkId, typed, actOf(user, reason));
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('course.results-recorded', { count }) };
  });
}

type Rule = { maxPoints: number; everybodyAt: string; timeZone: string };

/**
 * Null where nothing was typed into the row: what somebody else recorded meanwhile stays. A row that is not in the form, of a student
 * added since, is left alone.
 */
function typedResult(form: FormData, { id, name }: { id: string; name: string }, rule: Rule): TypedResult | null {
  if (!form.has(`was-${id}`)) return null;
  const cell = (column: 'points' | 'at' | 'was') => String(form.get(`${column}-${id}`) ?? '').trim();
  const points = cell('points');
  const at = cell('at');
  const was = wasOf(cell('was'));
  if (points === '' && at === '') return was === null ? null : { studentId: id, marked: null, was };
  const number = readPoints(points, rule.maxPoints);
  if (number === null) throw new RefusedError('result-points', 422, { name, most: rule.maxPoints });
  // Seconds that the field does not show stay where the minute was not touched, and a known time where none is typed.
  const isUntouched = was !== null && (at === '' || toLocalInput(was.handedInAt, rule.timeZone) === at);
  const handedInAt = isUntouched ? was.handedInAt : fromLocalInput(at || rule.everybodyAt, rule.timeZone);
  if (handedInAt === null) throw new RefusedError('result-instant', 422, { name });
  const marked = { points: number, handedInAt };
  return kindOf(was, marked) === 'same' ? null : { studentId: id, marked, was };
}

function wasOf(text: string): Marked | null {
  const [points, at] = text.split('|');
  const handedInAt = new Date(at ?? '');
  return points && !Number.isNaN(handedInAt.getTime()) ? { points: Number(points), handedInAt } : null;
}

type Standing = { studentId: string; name: string; was: Marked | null };

/** What stands of one homework, by student number. */
async function standing(course: Course, homeworkId: string): Promise<Map<string, Standing>> {
  const marks = (await listHomeworkMarks(webDatabase(), course.id)).filter((mark) => mark.homeworkId === homeworkId);
  const was = new Map(marks.map(({ studentId, marked }) => [studentId, marked]));
  const students = await listStudents(webDatabase(), course.id);
  return new Map(
    students.map(({ id, studentNumber, name }) => [studentNumber, { studentId: id, name, was: was.get(id) ?? null }]),
  );
}

async function previewOf(
  course: Course,
  homework: Awaited<ReturnType<typeof getHomework>>,
  entries: readonly ResultEntry[],
  known: ReadonlyMap<string, Standing>,
): Promise<Pick<ResultsPreview, 'counts' | 'rows'>> {
  const words = await pageLanguage();
  const { penaltyPerDay } = course.settings;
  const agreed = await standingExtensions(webDatabase(), course.id);
  const counts = { new: 0, changed: 0, same: 0 };
  const rows = entries.map(({ studentNumber: number, points: marked, handedInAt }) => {
    const { studentId, name, was } = known.get(number)!;
    const kind = kindOf(was, { points: marked, handedInAt });
    counts[kind] += 1;
    const deadlines = deadlinesWith(homework, agreed.get(studentId)?.get(homework.id) ?? null);
    const rule = { penaltyPerDay, timeZone: course.timeZone };
    const { points, why } = pointsOfHomework({ points: marked, handedInAt }, deadlines, rule);
    return {
      number,
      name,
      marked: pointsText(words, marked),
      handedIn: words.formats.shortInstant(handedInAt, course.timeZone),
      how: homeworkSentence(words, why),
      points: pointsText(words, points),
      kind,
    };
  });
  return { counts, rows };
}

function kindOf(was: Marked | null, now: Marked): Change {
  if (was === null) return 'new';
  return was.points === now.points && was.handedInAt.getTime() === now.handedInAt.getTime() ? 'same' : 'changed';
}
