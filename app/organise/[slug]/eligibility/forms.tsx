import type { TeamEligibility } from '#lib/db/eligibility.ts';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Select, TextArea } from '#ui/field.tsx';
import type { Desk } from '../desk.ts';
import { decide, reopen } from './actions.ts';

type Props = { desk: Desk; team: TeamEligibility };

/** Whether a team is ranked. The other way is offered first: nobody decides again what is decided. */
export function Decide({ desk: { t, slug }, team: { id, name, mark } }: Props) {
  const isRanked = mark?.isRanked ?? true;
  return (
    <ConfirmForm
      action={decide.bind(null, slug)}
      size="small"
      trigger={t('eligibility.decide')}
      label={t('eligibility.decide-of', { team: name })}
      title={t('eligibility.decide-title', { team: name })}
      confirm={t('eligibility.decide-confirm')}
      pending={t('eligibility.working')}
      cancel={t('common.cancel')}
    >
      <input type="hidden" name="team" value={id} />
      <p>{t('eligibility.decide-text')}</p>
      <Select
        name="decision"
        label={t('eligibility.decide-choice')}
        defaultValue={isRanked ? 'unranked' : 'ranked'}
        options={(['ranked', 'unranked'] as const).map((value) => ({ value, label: t(`eligibility.mark-${value}`) }))}
      />
      <TextArea
        name="reason"
        label={t('eligibility.reason')}
        hint={t('eligibility.reason-hint')}
        required
        maxLength={500}
      />
    </ConfirmForm>
  );
}

/** Whether a team may edit its method card after the close. */
export function Reopen({ desk: { t, slug }, team: { id, name, isReopened } }: Props) {
  const act = isReopened ? 'unreopen' : 'reopen';
  return (
    <ConfirmForm
      action={reopen.bind(null, slug)}
      size="small"
      trigger={t(`eligibility.${act}`)}
      label={t(`eligibility.${act}-of`, { team: name })}
      title={t(`eligibility.${act}-title`, { team: name })}
      confirm={t(`eligibility.${act}`)}
      pending={t('eligibility.working')}
      cancel={t('common.cancel')}
    >
      <input type="hidden" name="team" value={id} />
      <input type="hidden" name="reopened" value={isReopened ? 'no' : 'yes'} />
      <p>{t(`eligibility.${act}-text`)}</p>
      <TextArea name="reason" label={t('eligibility.reason')} required maxLength={500} />
    </ConfirmForm>
  );
}
