import { z } from 'zod';
import { requireCaller } from '#lib/auth.ts';
import { type ExportTitles, sheetTable } from '#lib/course/export.ts';
import type { Sheet } from '#lib/course/sheet.ts';
import { listStudents } from '#lib/db/course-roster.ts';
import { getPublishedSheet, previewSheet } from '#lib/db/course-sheets.ts';
import { type Course, getStaffedCourse } from '#lib/db/courses.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { NotFoundError } from '#lib/errors.ts';
import { handler, parseQuery } from '#lib/http.ts';
import { titleIn } from '#lib/news.ts';
import { spreadsheetCsv, spreadsheetXlsx } from '#lib/spreadsheet.ts';
import { toLocalInput } from '#lib/time.ts';
import { pageLanguage } from '../../../../../language.ts';

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const exportQuery = z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() });

/** `sheet.csv` and `sheet.xlsx`: everybody's points as they stand now, or as they were published with `?version=`. */
export const GET = handler<{ slug: string; file: string }>(async ({ request, params, query }) => {
  const user = await requireCaller(request, 'read');
  const { course, role } = await getStaffedCourse(webDatabase(), params.slug, user);
  const kind = /^sheet\.(csv|xlsx)$/.exec(params.file)?.[1] as keyof typeof types | undefined;
  if (role !== 'organiser' || kind === undefined) throw new NotFoundError('file', params.file);
  const { version } = parseQuery(query, exportQuery);
  const sheet = await sheetOf(course, version);
  const { t } = await pageLanguage();
  const students = new Map((await listStudents(webDatabase(), course.id)).map((one) => [one.id, one]));
  const spreadsheet = { name: t('course.export-name'), ...sheetTable(sheet, students, await titlesFor(course)) };
  const body = kind === 'csv' ? spreadsheetCsv(spreadsheet) : new Uint8Array(await spreadsheetXlsx(spreadsheet));
  return new Response(body, {
    headers: { 'Content-Type': types[kind], 'Content-Disposition': attachment(`${course.slug}.${kind}`) },
  });
});

async function sheetOf(course: Course, version: number | undefined): Promise<Sheet> {
  if (version === undefined) return (await previewSheet(webDatabase(), course)).sheet;
  return getPublishedSheet(webDatabase(), course.id, version);
}

async function titlesFor({ timeZone }: Course): Promise<ExportTitles> {
  const { t, language } = await pageLanguage();
  return {
    number: t('course.column-number'),
    name: t('course.column-name'),
    group: t('course.column-group'),
    email: t('course.column-email'),
    homework: (homework) => titleIn(homework, language),
    marked: (title) => t('course.export-marked', { title }),
    handedIn: (title) => t('course.export-handed-in', { title }),
    baseline: t('course.project-baseline'),
    place: t('course.project-place'),
    marks: t('course.project-marks'),
    attendance: t('course.project-defence'),
    project: t('course.project'),
    total: t('course.total'),
    grade: t('course.grade'),
    attended: (attendance) => t(`course.attendance-${attendance ?? 'unrecorded'}`),
    instant: (iso) => toLocalInput(new Date(iso), timeZone).replace('T', ' '),
  };
}
