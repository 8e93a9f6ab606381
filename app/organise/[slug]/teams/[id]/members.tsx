import { listMembers, type Member, type Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Panel } from '#ui/panel.tsx';
import type { StaffDesk } from '../../staff.ts';
import { dismiss, makeCaptain } from '../actions.ts';
import { Reason } from './reason.tsx';

type Props = { desk: StaffDesk; team: Team };

export async function Members({ desk, team }: Props) {
  const members = await listMembers(webDatabase(), team);
  return (
    <Panel title={desk.t('people.members')}>
      {!members.some(({ isCaptain }) => isCaptain) && <p className="mb-3 text-soft">{desk.t('people.no-captain')}</p>}
      <ul className="divide-y divide-rule">
        {members.map((member) => (
          <li key={member.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <p className="min-w-0">
              <span className="font-medium">{member.name}</span>{' '}
              {member.isCaptain && <Chip look="accent">{desk.t('people.captain')}</Chip>}{' '}
              <span className="break-all text-sm text-soft">{member.email}</span>
            </p>
            {desk.role === 'organiser' && <Acts desk={desk} team={team} member={member} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Acts({ desk, team, member }: Props & { member: Member }) {
  const { t, slug } = desk;
  const { id, name, isCaptain, isErased } = member;
  const texts = { pending: t('people.working'), cancel: t('common.cancel'), size: 'small' } as const;
  return (
    <div className="flex flex-wrap gap-2">
      {!isCaptain && !isErased && (
        <ConfirmForm
          {...texts}
          action={makeCaptain.bind(null, slug)}
          trigger={t('people.make-captain')}
          label={`${t('people.make-captain')}: ${name}`}
          title={t('people.make-captain-title')}
          confirm={t('people.make-captain')}
        >
          <input type="hidden" name="member" value={id} />
          <p>{t('people.make-captain-text', { name })}</p>
          <Reason desk={desk} team={team} />
        </ConfirmForm>
      )}
      <ConfirmForm
        {...texts}
        action={dismiss.bind(null, slug)}
        look="danger"
        trigger={t('people.dismiss')}
        label={`${t('people.dismiss')}: ${name}`}
        title={t('people.dismiss-title')}
        confirm={t('people.dismiss')}
      >
        <input type="hidden" name="member" value={id} />
        <p>{t('people.dismiss-text', { name })}</p>
        <Reason desk={desk} team={team} />
      </ConfirmForm>
    </div>
  );
}
