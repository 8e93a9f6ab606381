import type { Metadata } from 'next';
import Link from 'next/link';
import { type CourseStudent, listStudents } from '#lib/db/course-roster.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { problemsTexts } from '#ui/problems.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../../language.ts';
import { type CourseDesk, courseDesk } from '../desk.ts';
import { addStudent, bringRoster, dropStudent, invite } from './actions.ts';
import { RosterForm } from './roster-form.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.manage-roster') };
}

/** Who is in the course, and whose account has proven the address. */
export default async function RosterPage({ params }: Props) {
  const d = await courseDesk((await params).slug);
  const { t, course, role } = d;
  const students = await listStudents(webDatabase(), course.id);
  const waiting = students.filter(({ userId }) => userId === null).length;
  return (
    <>
      <PageTitle level={2} lead={t('course.roster-lead')}>
        {t('course.manage-roster')}
      </PageTitle>
      <div className="space-y-6">
        {role === 'organiser' && <Bring desk={d} />}
        {role === 'organiser' && waiting > 0 && <Invite desk={d} waiting={waiting} />}
        {students.length === 0 ? (
          <EmptyState title={t('course.roster-empty')} />
        ) : (
          <Table
            caption={t('course.roster-caption', { count: students.length })}
            columns={[
              { label: t('course.column-name') },
              { label: t('course.column-number') },
              { label: t('course.column-group') },
              { label: t('course.column-account') },
              { label: null },
            ]}
          >
            {students.map((student) => (
              <Row key={student.id} desk={d} student={student} />
            ))}
          </Table>
        )}
      </div>
    </>
  );
}

function Bring({ desk: { t, slug, language } }: { desk: CourseDesk }) {
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Panel title={t('course.roster-import')}>
        <RosterForm
          action={bringRoster.bind(null, slug)}
          texts={{ messages: messagesOf('course', language), problems: problemsTexts(t), language }}
          hint={t('course.roster-hint')}
        />
      </Panel>
      <Panel title={t('course.roster-one')}>
        <ActionForm action={addStudent.bind(null, slug)} className="space-y-4" label={t('course.roster-one')}>
          <Field name="number" label={t('course.column-number')} required maxLength={40} autoComplete="off" />
          <Field name="name" label={t('course.column-name')} required maxLength={100} autoComplete="off" />
          <Field type="email" name="email" label={t('course.column-email')} required autoComplete="off" />
          <Field name="group" label={t('course.column-group')} maxLength={40} autoComplete="off" />
          <SubmitButton look="secondary" pending={t('common.saving')}>
            {t('course.add')}
          </SubmitButton>
        </ActionForm>
      </Panel>
    </div>
  );
}

function Invite({ desk: { t, slug }, waiting }: { desk: CourseDesk; waiting: number }) {
  return (
    <Panel title={t('course.invite-title')}>
      <p className="mb-4 max-w-prose text-soft">{t('course.invite-lead', { count: waiting })}</p>
      <ActionForm action={invite.bind(null, slug)}>
        <SubmitButton look="secondary" pending={t('course.inviting')}>
          {t('course.invite')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

function Row({ desk: { t, slug, role, print }, student }: { desk: CourseDesk; student: CourseStudent }) {
  const { id, name, studentNumber, groupName, email, userId, invitedAt } = student;
  return (
    <tr>
      <th scope="row" className="min-w-40">
        <Link href={`/course/${slug}/manage/students/${id}`} prefetch={false} className="link font-medium">
          {name}
        </Link>
        <span className="block break-all text-sm font-normal text-soft">{email}</span>
      </th>
      <td>{studentNumber}</td>
      <td>{groupName || '—'}</td>
      <td>
        {userId !== null && <Chip look="good">{t('course.linked')}</Chip>}
        {userId === null && (
          <Chip>{invitedAt ? t('course.invited-at', { at: print(invitedAt) }) : t('course.not-linked')}</Chip>
        )}
      </td>
      <td>
        {role === 'organiser' && (
          <ConfirmForm
            action={dropStudent.bind(null, slug)}
            look="danger"
            size="small"
            trigger={t('course.remove')}
            label={`${t('course.remove')}: ${name}`}
            title={t('course.remove-title', { title: name })}
            confirm={t('course.remove')}
            pending={t('common.saving')}
            cancel={t('common.cancel')}
          >
            <input type="hidden" name="student" value={id} />
            <p>{t('course.remove-student')}</p>
            <Field name="reason" label={t('course.reason')} maxLength={500} />
          </ConfirmForm>
        )}
      </td>
    </tr>
  );
}
