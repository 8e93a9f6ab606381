import { type Adjustment, listAdjustments } from '#lib/db/adjustments.ts';
import type { Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { agreementText } from '#ui/agreement-text.ts';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../../staff.ts';
import { addAttempts, extend, takeBack } from '../actions.ts';
import { Reason } from './reason.tsx';

type Props = { desk: StaffDesk; team: Team };

/** What is agreed with the team beside the rules for all. */
export async function Agreements({ desk, team }: Props) {
  const { t, role } = desk;
  const all = await listAdjustments(webDatabase(), team.id);
  return (
    <Panel title={t('people.agreements')}>
      {all.length === 0 && <p className="text-soft">{t('people.agreements-none')}</p>}
      <ul className="divide-y divide-rule">
        {all.map((adjustment) => (
          <Agreement key={adjustment.id} desk={desk} team={team} adjustment={adjustment} />
        ))}
      </ul>
      <div className="mt-5 grid gap-8 border-t border-rule pt-5 lg:grid-cols-2">
        <Extend desk={desk} team={team} />
        {role === 'organiser' && <Attempts desk={desk} team={team} />}
      </div>
    </Panel>
  );
}

function Agreement({ desk, team, adjustment }: Props & { adjustment: Adjustment }) {
  const { t, print, slug } = desk;
  const { createdAt, createdBy, reason, revokedAt } = adjustment;
  const said = agreementText(t, print, adjustment.agreed);
  const by = createdBy ?? t('people.agreed-by-owner');
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0">
        <p className="font-medium">
          {said} {revokedAt && <Chip look="warn">{t('people.revoked', { at: print(revokedAt) })}</Chip>}
        </p>
        <p className="text-sm text-soft">{t('people.agreed-by', { at: print(createdAt), name: by, reason })}</p>
      </div>
      {revokedAt === null && desk.role === 'organiser' && (
        <ConfirmForm
          action={takeBack.bind(null, slug)}
          look="danger"
          size="small"
          trigger={t('people.revoke')}
          label={`${t('people.revoke')}: ${said}`}
          title={t('people.revoke-title')}
          confirm={t('people.revoke')}
          pending={t('people.working')}
          cancel={t('people.cancel')}
        >
          <input type="hidden" name="adjustment" value={adjustment.id} />
          <p>{t('people.revoke-text')}</p>
          <Reason desk={desk} team={team} />
        </ConfirmForm>
      )}
    </li>
  );
}

function Extend({ desk, team }: Props) {
  const { t, print, slug, competition: c } = desk;
  return (
    <ActionForm action={extend.bind(null, slug)} label={t('people.extend')} className="space-y-4">
      <Field
        type="datetime-local"
        name="until"
        label={t('people.extend-until')}
        hint={t('people.extend-hint', { zone: c.timeZone, end: print(c.submissionsEndAt) })}
        required
      />
      <Reason desk={desk} team={team} />
      <SubmitButton look="secondary" pending={t('people.working')}>
        {t('people.extend')}
      </SubmitButton>
    </ActionForm>
  );
}

function Attempts({ desk, team }: Props) {
  const { t, slug, competition: c } = desk;
  return (
    <ActionForm action={addAttempts.bind(null, slug)} label={t('people.attempts')} className="space-y-4">
      <Field
        type="number"
        name="attempts"
        label={t('people.attempts-count')}
        hint={t('people.attempts-hint', { quota: c.dailyQuota })}
        required
        min={1}
        max={1000}
      />
      <Field type="date" name="day" label={t('people.attempts-day')} hint={t('people.attempts-day-hint')} />
      <Reason desk={desk} team={team} />
      <SubmitButton look="secondary" pending={t('people.working')}>
        {t('people.attempts')}
      </SubmitButton>
    </ActionForm>
  );
}
