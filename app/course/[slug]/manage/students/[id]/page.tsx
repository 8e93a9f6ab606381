import type { Metadata } from 'next';
import Link from 'next/link';
import { type HomeworkRow, listHomeworks } from '#lib/db/course-programme.ts';
import { type Extension, listExtensions, listMarkHistory } from '#lib/db/course-results.ts';
import { type CourseStudent, getStudent } from '#lib/db/course-roster.ts';
import { previewSheet } from '#lib/db/course-sheets.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { titleIn } from '#lib/news.ts';
import { toLocalInput } from '#lib/time.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field, Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../../../language.ts';
import { pointsText } from '../../../../points.ts';
import { SheetTable } from '../../../../sheet-table.tsx';
import { type CourseDesk, courseDesk, orNotFound } from '../../desk.ts';
import { extendDeadline, takeExtensionBack } from './actions.ts';

type Props = { params: Promise<{ slug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.student') };
}

/** One student as they stand now: the sheet that would be published, what was agreed with them, and the history. */
export default async function StudentPage({ params }: Props) {
  const { slug, id } = await params;
  const d = await courseDesk(slug);
  const { t, course } = d;
  const student = await orNotFound(findStudent(d, id));
  const { sheet } = await previewSheet(webDatabase(), course);
  const row = sheet.rows.find(({ studentId }) => studentId === student.id);
  const homeworks = await listHomeworks(webDatabase(), course.id);
  return (
    <>
      <p className="mb-3 text-sm">
        <Link href={`/course/${slug}/manage/roster`} prefetch={false} className="link">
          ← {t('course.manage-roster')}
        </Link>
      </p>
      <PageTitle level={2} lead={[student.studentNumber, student.groupName, student.email].filter(Boolean).join(' · ')}>
        {student.name}
      </PageTitle>
      <div className="space-y-6">
        {row && <SheetTable words={d} sheet={sheet} row={row} />}
        <Extensions desk={d} student={student} homeworks={homeworks} />
        <History desk={d} student={student} homeworks={homeworks} />
      </div>
    </>
  );
}

async function findStudent({ course }: CourseDesk, id: string): Promise<CourseStudent> {
  // The column is a uuid: any other text names nobody.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new NotFoundError('student', id);
  return getStudent(webDatabase(), course.id, id);
}

type PartProps = { desk: CourseDesk; student: CourseStudent; homeworks: readonly HomeworkRow[] };

async function Extensions({ desk: d, student, homeworks }: PartProps) {
  const { t } = d;
  const extensions = await listExtensions(webDatabase(), d.course.id, student.id);
  return (
    <Panel title={t('course.extensions')}>
      {extensions.length === 0 && <p className="text-soft">{t('course.extensions-none')}</p>}
      <ul className="divide-y divide-rule">
        {extensions.map((extension) => (
          <Agreed key={extension.id} desk={d} extension={extension} homeworks={homeworks} />
        ))}
      </ul>
      {homeworks.length > 0 && (
        <details className="mt-4">
          <summary className="cursor-pointer font-semibold">{t('course.extension-add')}</summary>
          <div className="mt-4">
            <ExtensionForm desk={d} student={student} homeworks={homeworks} />
          </div>
        </details>
      )}
    </Panel>
  );
}

type AgreedProps = { desk: CourseDesk; extension: Extension; homeworks: readonly HomeworkRow[] };

function Agreed({ desk: d, extension: e, homeworks }: AgreedProps) {
  const { t, print, slug } = d;
  const values = { title: titleOf(homeworks, e.homeworkId, d), soft: print(e.softAt), hard: print(e.hardAt) };
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 py-3">
      <div className="min-w-0">
        <p>
          {t('course.extension-agreed', values)}{' '}
          {e.revokedAt && <Chip>{t('course.extension-revoked', { at: print(e.revokedAt) })}</Chip>}
        </p>
        <p className="text-sm text-soft">
          {t('course.recorded', { at: print(e.createdAt), name: e.createdBy ?? t('course.somebody') })}: {e.reason}
        </p>
      </div>
      {e.revokedAt === null && (
        <ConfirmForm
          action={takeExtensionBack.bind(null, slug)}
          look="danger"
          size="small"
          trigger={t('course.extension-revoke')}
          label={`${t('course.extension-revoke')}: ${values.title}`}
          title={t('course.extension-revoke-title')}
          confirm={t('course.extension-revoke')}
          pending={t('common.saving')}
          cancel={t('common.cancel')}
        >
          <input type="hidden" name="extension" value={e.id} />
          <p>{t('course.extension-revoke-text')}</p>
          <Field name="reason" label={t('course.reason')} required maxLength={500} />
        </ConfirmForm>
      )}
    </li>
  );
}

function ExtensionForm({ desk: { t, slug, course, now, language }, student, homeworks }: PartProps) {
  const chosen = homeworks.findLast(({ handedOutAt }) => handedOutAt <= now) ?? homeworks[0]!;
  const options = homeworks.map(({ id, ...titles }) => ({
    value: id,
    label: titleIn(titles, language),
  }));
  return (
    <ActionForm action={extendDeadline.bind(null, slug)} className="space-y-4" label={t('course.extension-add')}>
      <input type="hidden" name="student" value={student.id} />
      <Select name="homework" label={t('course.homework')} options={options} defaultValue={chosen.id} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          type="datetime-local"
          name="softAt"
          label={t('course.field-soft')}
          required
          defaultValue={toLocalInput(chosen.softAt, course.timeZone)}
        />
        <Field
          type="datetime-local"
          name="hardAt"
          label={t('course.field-hard')}
          required
          defaultValue={toLocalInput(chosen.hardAt, course.timeZone)}
        />
      </div>
      <Field
        name="reason"
        label={t('course.reason')}
        hint={t('course.extension-reason-hint')}
        required
        maxLength={500}
      />
      <SubmitButton look="secondary" pending={t('common.saving')}>
        {t('course.extension-grant')}
      </SubmitButton>
    </ActionForm>
  );
}

async function History({ desk: d, student, homeworks }: PartProps) {
  const { t, print } = d;
  const history = await listMarkHistory(webDatabase(), student.id);
  if (history.length === 0) return null;
  return (
    <Panel title={t('course.mark-history')}>
      <Table
        caption={t('course.mark-history-caption')}
        columns={[
          { label: t('course.homework') },
          { label: t('course.column-marked'), look: 'number' },
          { label: t('course.column-handed-in') },
          { label: t('course.column-recorded') },
          { label: t('course.column-reason') },
        ]}
      >
        {history.map(({ homeworkId, marked, recordedAt, recordedBy, reason }) => (
          <tr key={`${homeworkId} ${recordedAt.toISOString()}`}>
            <td>{titleOf(homeworks, homeworkId, d)}</td>
            <td className="number">{marked ? pointsText(d, marked.points) : t('course.taken-back')}</td>
            <td className="whitespace-nowrap">{marked ? print(marked.handedInAt) : '—'}</td>
            <td>{t('course.recorded', { at: print(recordedAt), name: recordedBy ?? t('course.somebody') })}</td>
            <td>{reason || '—'}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function titleOf(homeworks: readonly HomeworkRow[], id: string, { language, t }: CourseDesk): string {
  const homework = homeworks.find((one) => one.id === id);
  if (homework === undefined) return t('course.homework-gone');
  return titleIn(homework, language);
}
