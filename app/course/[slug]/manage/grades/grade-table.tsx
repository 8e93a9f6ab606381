import Link from 'next/link';
import type { Sheet, SheetRow } from '#lib/course/sheet.ts';
import { titleIn } from '#lib/news.ts';
import { Table } from '#ui/table.tsx';
import { attendanceSentence, baselineSentence, homeworkSentence, placeSentence, pointsText } from '../../../points.ts';
import type { CourseDesk } from '../desk.ts';
import type { Students } from './page.tsx';

type Props = { desk: CourseDesk; sheet: Sheet; students: Students };

/** A line per student; how each number came about is said when it is pointed at, and on the student's page. */
export function GradeTable({ desk: d, sheet, students }: Props) {
  const { t, language } = d;
  const titles = sheet.homeworks.map((homework) => titleIn(homework, language));
  const short = (i: number) => t('course.homework-short', { number: i + 1 });
  const homeworks = titles.map((_title, i) => ({ label: short(i), look: 'number' }));
  const legend = titles.map((title, i) => `${short(i)}: ${title}`).join(' · ');
  return (
    <Table
      caption={[t('course.grades-caption', { count: sheet.rows.length }), legend].filter(Boolean).join('. ')}
      columns={[
        { label: t('course.column-name') },
        ...homeworks,
        { label: t('course.project-baseline'), look: 'number' },
        { label: t('course.project-place'), look: 'number' },
        ...(hasMarks(sheet) ? [{ label: t('course.project-marks'), look: 'number' }] : []),
        { label: t('course.defence-short') },
        { label: t('course.project'), look: 'number' },
        { label: t('course.total'), look: 'number' },
        { label: t('course.grade'), look: 'number' },
      ]}
    >
      {sheet.rows.map((row) => (
        <Row key={row.studentId} desk={d} sheet={sheet} row={row} students={students} />
      ))}
    </Table>
  );
}

function Row({ desk: d, sheet, row, students }: Props & { row: SheetRow }) {
  const { t, slug } = d;
  const student = students.get(row.studentId);
  const { project } = row;
  return (
    <tr>
      <th scope="row" className="min-w-40">
        <Link href={`/course/${slug}/manage/students/${row.studentId}`} prefetch={false} className="link font-medium">
          {student?.name ?? '—'}
        </Link>
        <span className="block text-sm font-normal text-soft">
          {[student?.studentNumber, student?.groupName].filter(Boolean).join(' · ')}
        </span>
      </th>
      {row.homework.map(({ homeworkId, marked, points, why }) => (
        <td key={homeworkId} className="number" title={homeworkSentence(d, why)}>
          {marked === null ? <span className="text-soft">—</span> : pointsText(d, points)}
        </td>
      ))}
      <td className="number" title={project ? baselineSentence(d, project.baseline.why) : undefined}>
        {project ? pointsText(d, project.baseline.points) : '—'}
      </td>
      <td className="number" title={project ? placeSentence(d, project.place.why) : undefined}>
        {project ? pointsText(d, project.place.points) : '—'}
      </td>
      {hasMarks(sheet) && <td className="number">{pointsText(d, project?.marks ?? 0)}</td>}
      <td title={project ? attendanceSentence(d, project.attendance) : undefined}>
        {project ? t(`course.attendance-short-${project.attendance ?? 'unrecorded'}`) : '—'}
      </td>
      <td className="number">{project ? pointsText(d, project.points) : '—'}</td>
      <td className="number font-semibold">{pointsText(d, row.total)}</td>
      <td className="number font-semibold">
        {row.grade}
        {!sheet.isComplete && <span className="sr-only"> ({t('course.grade-so-far')})</span>}
      </td>
    </tr>
  );
}

/** Whether jurors' marks give points in this course. */
function hasMarks({ rows }: Sheet): boolean {
  return rows.some(({ project }) => project?.marks != null);
}
