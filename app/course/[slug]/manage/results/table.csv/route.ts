import { z } from 'zod';
import { requireCaller } from '#lib/auth.ts';
import { getHomework } from '#lib/db/course-programme.ts';
import { listHomeworkMarks } from '#lib/db/course-results.ts';
import { listStudents } from '#lib/db/course-roster.ts';
import { getStaffedCourse } from '#lib/db/courses.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { handler, parseQuery } from '#lib/http.ts';
import { spreadsheetCsv } from '#lib/spreadsheet.ts';
import { toLocalInput } from '#lib/time.ts';

const tableQuery = z.object({ homework: z.uuid() });

/** Everybody with what stands of one homework: to be filled in and brought back as it is. */
export const GET = handler<{ slug: string }>(async ({ request, params, query }) => {
  const user = await requireCaller(request, 'read');
  const db = webDatabase();
  const { course } = await getStaffedCourse(db, params.slug, user);
  const homework = await getHomework(db, course.id, parseQuery(query, tableQuery).homework);
  const marks = (await listHomeworkMarks(db, course.id)).filter(({ homeworkId }) => homeworkId === homework.id);
  const marked = new Map(marks.map((mark) => [mark.studentId, mark.marked]));
  const rows = (await listStudents(db, course.id)).map(({ id, studentNumber, name }) => {
    const mark = marked.get(id) ?? null;
    const handedIn = mark && exactly(mark.handedInAt, course.timeZone);
    return [studentNumber, name, mark?.points ?? null, handedIn];
  });
  const header = ['student_id', 'name', 'points', 'handed_in'];
  return new Response(spreadsheetCsv({ name: course.slug, header, rows }), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': attachment(`${course.slug}-results.csv`),
    },
  });
});

/** With seconds: an unchanged line that is brought back must be unchanged. */
function exactly(instant: Date, timeZone: string): string {
  return `${toLocalInput(instant, timeZone).replace('T', ' ')}:${instant.toISOString().slice(17, 19)}`;
}
