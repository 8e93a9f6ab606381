import type { Metadata } from 'next';
import Link from 'next/link';
import type { Marked } from '#lib/course/homework.ts';
import { type HomeworkRow, listHomeworks } from '#lib/db/course-programme.ts';
import { listHomeworkMarks } from '#lib/db/course-results.ts';
import { type CourseStudent, listStudents } from '#lib/db/course-roster.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { titleIn } from '#lib/news.ts';
import { toLocalInput } from '#lib/time.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { problemsTexts } from '#ui/problems.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../../language.ts';
import { pointsText } from '../../../points.ts';
import { type CourseDesk, courseDesk } from '../desk.ts';
import { bringResults, typeResults } from './actions.ts';
import { ResultsForm } from './results-form.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ homework?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.manage-results') };
}

/** Points and hand-in times of one homework at a time, typed or out of a file. */
export default async function ResultsPage({ params, searchParams }: Props) {
  const d = await courseDesk((await params).slug);
  const { t, course, slug, language } = d;
  const homeworks = await listHomeworks(webDatabase(), course.id);
  const students = await listStudents(webDatabase(), course.id);
  const { homework: asked } = await searchParams;
  const homework = homeworks.find(({ id }) => id === asked) ?? current(homeworks, d.now);
  return (
    <>
      <PageTitle level={2} lead={t('course.results-lead', { zone: course.timeZone })}>
        {t('course.manage-results')}
      </PageTitle>
      {homework === undefined || students.length === 0 ? (
        <EmptyState title={t('course.results-empty')}>{t('course.results-empty-text')}</EmptyState>
      ) : (
        <div className="space-y-6">
          <nav aria-label={t('course.homeworks')}>
            <ul className="flex flex-wrap gap-x-6 gap-y-2">
              {homeworks.map(({ id, ...titles }) => (
                <li key={id}>
                  <Link
                    href={`/course/${slug}/manage/results?homework=${id}`}
                    prefetch={false}
                    aria-current={id === homework.id ? 'page' : undefined}
                    className="link aria-[current]:font-semibold aria-[current]:no-underline"
                  >
                    {titleIn(titles, language)}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <Bring desk={d} homework={homework} />
          <Grid key={homework.id} desk={d} homework={homework} students={students} />
        </div>
      )}
    </>
  );
}

/** The one that was handed out last: its results come in now. */
function current(homeworks: readonly HomeworkRow[], now: Date): HomeworkRow | undefined {
  return homeworks.findLast(({ handedOutAt }) => handedOutAt <= now) ?? homeworks[0];
}

function Bring({ desk: { t, slug, language }, homework }: { desk: CourseDesk; homework: HomeworkRow }) {
  return (
    <Panel title={t('course.results-import')}>
      <p className="mb-4">
        <a href={`/course/${slug}/manage/results/table.csv?homework=${homework.id}`} download className="link">
          {t('course.results-table')}
        </a>
      </p>
      <ResultsForm
        key={homework.id}
        action={bringResults.bind(null, slug)}
        texts={{ messages: messagesOf('course', language), problems: problemsTexts(t), language }}
        hint={t('course.results-hint')}
        homework={homework.id}
        reason={{ label: t('course.reason'), hint: t('course.correction-hint') }}
      />
    </Panel>
  );
}

type GridProps = { desk: CourseDesk; homework: HomeworkRow; students: readonly CourseStudent[] };

async function Grid({ desk: d, homework, students }: GridProps) {
  const { t, slug, course, print } = d;
  const marks = (await listHomeworkMarks(webDatabase(), course.id)).filter(
    ({ homeworkId }) => homeworkId === homework.id,
  );
  const marked = new Map(marks.map((mark) => [mark.studentId, mark.marked]));
  const facts = {
    points: pointsText(d, homework.maxPoints),
    soft: print(homework.softAt),
    hard: print(homework.hardAt),
  };
  return (
    <Panel title={t('course.results-typed')} aside={t('course.homework-facts', facts)}>
      <ActionForm action={typeResults.bind(null, slug)} className="space-y-5" label={t('course.results-typed')}>
        <input type="hidden" name="homework" value={homework.id} />
        <Table
          caption={t('course.results-grid')}
          columns={[
            { label: t('course.column-name') },
            { label: t('course.column-marked') },
            { label: t('course.column-handed-in') },
          ]}
        >
          {students.map((student) => (
            <GridRow key={student.id} desk={d} student={student} marked={marked.get(student.id) ?? null} />
          ))}
        </Table>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            type="datetime-local"
            name="everybodyAt"
            label={t('course.everybody-at')}
            hint={t('course.everybody-at-hint')}
          />
          <Field name="reason" label={t('course.reason')} hint={t('course.correction-hint')} maxLength={500} />
        </div>
        <SubmitButton pending={t('common.saving')}>{t('course.record')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}

type GridRowProps = { desk: CourseDesk; student: CourseStudent; marked: Marked | null };

function GridRow({ desk: { t, slug, course }, student: { id, name, studentNumber }, marked }: GridRowProps) {
  const at = marked ? toLocalInput(marked.handedInAt, course.timeZone) : '';
  return (
    <tr>
      <th scope="row" className="w-full min-w-36">
        <Link href={`/course/${slug}/manage/students/${id}`} prefetch={false} className="link font-medium">
          {name}
        </Link>
        <span className="block text-sm font-normal text-soft">{studentNumber}</span>
      </th>
      <td>
        <input
          type="hidden"
          name={`was-${id}`}
          value={marked ? `${marked.points}|${marked.handedInAt.toISOString()}` : ''}
        />
        <input
          type="text"
          inputMode="decimal"
          name={`points-${id}`}
          aria-label={`${t('course.column-marked')}: ${name}`}
          defaultValue={marked?.points ?? ''}
          autoComplete="off"
          className="control w-24"
        />
      </td>
      <td>
        <input
          type="datetime-local"
          name={`at-${id}`}
          aria-label={`${t('course.column-handed-in')}: ${name}`}
          defaultValue={at}
          className="control w-56"
        />
      </td>
    </tr>
  );
}
