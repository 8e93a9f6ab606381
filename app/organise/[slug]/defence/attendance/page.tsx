import type { Metadata } from 'next';
import Link from 'next/link';
import { type AttendingTeam, listAttendance } from '#lib/db/attendance.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field, Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../../../../language.ts';
import { type StaffDesk, staff } from '../../staff.ts';
import { override, tick, withdraw } from './actions.ts';
import { TickBox } from './tick-box.tsx';

type Props = { params: Promise<{ slug: string }> };
type Member = AttendingTeam['members'][number];

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('defence.attendance') };
}

/** Who is in the hall: a large box per person, for a phone in the aisle. */
export default async function AttendancePage({ params }: Props) {
  const d = await staff((await params).slug);
  const { t, slug, competition } = d;
  const teams = (await listAttendance(webDatabase(), competition.id)).filter(({ members }) => members.length > 0);
  const people = teams.flatMap(({ members }) => members);
  const count = people.filter(({ attended }) => attended).length;
  return (
    <>
      <p className="mb-3">
        <Link href={`/organise/${slug}/defence`} prefetch={false} className="link">
          ← {t('defence.title')}
        </Link>
      </p>
      <PageTitle lead={t('defence.attendance-lead')}>{t('defence.attendance')}</PageTitle>
      {teams.length === 0 ? (
        <EmptyState title={t('defence.attendance-none')} />
      ) : (
        <>
          <p role="status" className="mb-4 font-semibold">
            {t('defence.attendance-count', { count, all: people.length })}
          </p>
          <div className="grid items-start gap-5 md:grid-cols-2">
            {teams.map((team) => (
              <Panel key={team.id} title={team.name}>
                <ul className="space-y-3">
                  {team.members.map((member) => (
                    <li key={member.userId}>
                      <Person desk={d} member={member} />
                    </li>
                  ))}
                </ul>
              </Panel>
            ))}
          </div>
        </>
      )}
    </>
  );
}

type PersonProps = { desk: StaffDesk; member: Member };

function Person({ desk, member }: PersonProps) {
  const { t, slug, role } = desk;
  const { userId, name, attended, overrideReason } = member;
  const said = t(attended ? 'defence.present' : 'defence.absent');
  return (
    <div className="flex flex-wrap items-center gap-x-4">
      {overrideReason === null ? (
        <ActionForm action={tick.bind(null, slug)} className="min-w-0 flex-1">
          <input type="hidden" name="person" value={userId} />
          <input type="hidden" name="attended" value={attended ? 'no' : 'yes'} />
          <TickBox name={name} isTicked={attended} said={said} />
        </ActionForm>
      ) : (
        <p className="min-w-0 flex-1 basis-48 rounded-lg border border-warn px-4 py-3">
          <b className="font-semibold">{name}</b>: {said}.{' '}
          <span className="text-soft">{t('defence.override-by', { reason: overrideReason })}</span>
        </p>
      )}
      {role === 'organiser' && <Override desk={desk} member={member} />}
    </div>
  );
}

function Override({ desk: { t, slug }, member: { userId, name, attended, overrideReason } }: PersonProps) {
  const act = overrideReason === null ? 'override' : 'withdraw';
  return (
    <ConfirmForm
      action={(overrideReason === null ? override : withdraw).bind(null, slug)}
      look="quiet"
      size="small"
      trigger={t(`defence.${act}`)}
      label={`${t(`defence.${act}`)}: ${name}`}
      title={t(`defence.${act}-title`, { name })}
      confirm={t(`defence.${act}`)}
      pending={t('defence.saving')}
      cancel={t('common.cancel')}
    >
      <input type="hidden" name="person" value={userId} />
      <p>{t(`defence.${act}-text`)}</p>
      {overrideReason === null && (
        <Select
          name="attended"
          label={t('defence.override-as')}
          defaultValue={attended ? 'no' : 'yes'}
          options={[
            { value: 'yes', label: t('defence.present') },
            { value: 'no', label: t('defence.absent') },
          ]}
        />
      )}
      <Field name="reason" required maxLength={500} label={t('defence.reason')} hint={t('defence.reason-hint')} />
    </ConfirmForm>
  );
}
