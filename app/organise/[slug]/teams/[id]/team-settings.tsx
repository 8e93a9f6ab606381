import { listTeams } from '#lib/db/team-administration.ts';
import type { Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field, Select } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../../staff.ts';
import { merge, rename, setGuest } from '../actions.ts';
import { Reason } from './reason.tsx';

type Props = { desk: StaffDesk; team: Team };

/** Its name, whether it competes, and which team joins it. */
export async function TeamSettings({ desk, team }: Props) {
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Rename desk={desk} team={team} />
      <Guest desk={desk} team={team} />
      <Merge desk={desk} team={team} />
    </div>
  );
}

function Rename({ desk, team }: Props) {
  const { t, slug } = desk;
  return (
    <Panel title={t('people.rename-title')}>
      <ActionForm action={rename.bind(null, slug)} className="space-y-4">
        <Field name="name" label={t('people.new-name')} required maxLength={60} defaultValue={team.name} />
        <Reason desk={desk} team={team} />
        <SubmitButton look="secondary" pending={t('people.working')}>
          {t('people.rename')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

function Guest({ desk, team }: Props) {
  const { t, slug } = desk;
  return (
    <Panel title={t('people.guest-title')}>
      <p className="mb-4 text-soft">{t('people.guest-text')}</p>
      <ActionForm action={setGuest.bind(null, slug)} className="space-y-4">
        <input type="hidden" name="guest" value={team.isGuest ? 'no' : 'yes'} />
        <Reason desk={desk} team={team} />
        <SubmitButton look="secondary" pending={t('people.working')}>
          {t(team.isGuest ? 'people.guest-unmark' : 'people.guest-mark')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

async function Merge({ desk, team }: Props) {
  const { t, slug, competition } = desk;
  const others = (await listTeams(webDatabase(), competition.id)).filter(({ id }) => id !== team.id);
  if (others.length === 0) return null;
  return (
    <Panel title={t('people.merge-title')}>
      <p className="mb-4 text-soft">{t('people.merge-text')}</p>
      <ConfirmForm
        action={merge.bind(null, slug)}
        look="danger"
        trigger={t('people.merge')}
        title={t('people.merge-confirm-title')}
        confirm={t('people.merge')}
        pending={t('people.working')}
        cancel={t('common.cancel')}
      >
        <p>{t('people.merge-confirm-text')}</p>
        <Select
          name="from"
          label={t('people.merge-from')}
          options={others.map(({ id, name, members }) => ({ value: id, label: `${name} (${members.length})` }))}
        />
        <Reason desk={desk} team={team} />
      </ConfirmForm>
    </Panel>
  );
}
