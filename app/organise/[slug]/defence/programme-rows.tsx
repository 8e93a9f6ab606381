import type { ReactNode } from 'react';
import type { Plan, ProgrammeSlot } from '#lib/db/defence.ts';
import { slotMs, type Timed } from '#lib/defence.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../staff.ts';
import { removeFromProgramme, setLength, skip } from './actions.ts';

/** A line of the programme, drawn by the server; the list that moves it needs its name and nothing else. */
export type ProgrammeRow = { id: string; name: string; content: ReactNode; acts: ReactNode };

export function programmeRows(desk: StaffDesk, slots: readonly Timed<ProgrammeSlot>[], plan: Plan): ProgrammeRow[] {
  return slots.map((slot) => ({
    id: slot.id,
    name: slot.team?.name ?? desk.t('defence.break'),
    content: <Line desk={desk} slot={slot} plan={plan} />,
    acts: desk.role === 'organiser' ? <Acts desk={desk} slot={slot} plan={plan} /> : null,
  }));
}

type RowProps = { desk: StaffDesk; slot: Timed<ProgrammeSlot>; plan: Plan };

function Line({ desk: { t, formats, competition }, slot, plan }: RowProps) {
  const { team, title, at, state, isSkipped } = slot;
  return (
    // Clipped: a name of many accents upon one letter cannot be broken.
    <div className="flex min-w-0 grow basis-60 gap-4 overflow-x-clip">
      <p className="w-12 shrink-0 text-right font-semibold">
        {at === null ? '—' : formats.time(at, competition.timeZone)}
      </p>
      <div className="min-w-0">
        <p className={isSkipped ? 'text-soft line-through' : 'font-semibold'}>
          {team?.name ?? <span className="font-normal">{t('defence.break')}</span>}
        </p>
        <p className="text-sm text-soft">
          {[title, t('defence.minutes', { count: slotMs(slot, plan) / 60_000 })].filter(Boolean).join(' · ')}{' '}
          {team?.isGuest && <Chip>{t('defence.guest')}</Chip>}{' '}
          {state !== 'ahead' && <Chip look={state === 'now' ? 'accent' : 'plain'}>{t(`defence.state-${state}`)}</Chip>}{' '}
          {team && title === '' && <Chip look="warn">{t('defence.no-title')}</Chip>}
        </p>
      </div>
    </div>
  );
}

function Acts({ desk: { t, slug }, slot, plan: { version, talkMinutes } }: RowProps) {
  const { id, team, minutes, isSkipped } = slot;
  const name = team?.name ?? t('defence.break');
  const hidden = (
    <>
      <input type="hidden" name="version" value={version} />
      <input type="hidden" name="slot" value={id} />
    </>
  );
  return (
    <div className="flex flex-wrap gap-2">
      <ActionForm action={skip.bind(null, slug)}>
        {hidden}
        <input type="hidden" name="skip" value={isSkipped ? 'no' : 'yes'} />
        <SubmitButton
          look="secondary"
          size="small"
          pending={t('defence.saving')}
          aria-label={`${t(isSkipped ? 'defence.unskip' : 'defence.skip')}: ${name}`}
        >
          {t(isSkipped ? 'defence.unskip' : 'defence.skip')}
        </SubmitButton>
      </ActionForm>
      <ConfirmForm
        action={setLength.bind(null, slug)}
        size="small"
        trigger={t('defence.length')}
        label={`${t('defence.length')}: ${name}`}
        title={t('defence.length-title', { name })}
        confirm={t('defence.save')}
        pending={t('defence.saving')}
        cancel={t('common.cancel')}
      >
        {hidden}
        <Field
          type="number"
          name="minutes"
          min={1}
          max={480}
          required={team === null}
          label={t('defence.length-minutes')}
          hint={team === null ? undefined : t('defence.length-hint', { minutes: talkMinutes })}
          defaultValue={minutes ?? ''}
        />
      </ConfirmForm>
      <ConfirmForm
        action={removeFromProgramme.bind(null, slug)}
        look="danger"
        size="small"
        trigger={t('defence.remove')}
        label={`${t('defence.remove')}: ${name}`}
        title={t('defence.remove-title', { name })}
        confirm={t('defence.remove')}
        pending={t('defence.saving')}
        cancel={t('common.cancel')}
      >
        {hidden}
        <p>{t('defence.remove-text')}</p>
      </ConfirmForm>
    </div>
  );
}
