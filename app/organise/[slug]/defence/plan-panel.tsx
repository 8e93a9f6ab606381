import type { Plan } from '#lib/db/defence.ts';
import { toLocalInput } from '#lib/time.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../staff.ts';
import { savePlan } from './actions.ts';

type Props = { desk: StaffDesk; plan: Plan };

/** When it begins, how long everybody has, and until when teams may edit what they show. */
export function PlanPanel({ desk: { t, formats, slug, competition }, plan }: Props) {
  const { timeZone, defenceAt } = competition;
  const typed = (at: Date | null) => (at === null ? '' : toLocalInput(at, timeZone));
  const fallback = defenceAt === null ? t('defence.timeline-none') : formats.instant(defenceAt, timeZone);
  return (
    <Panel title={t('defence.plan')}>
      <ActionForm action={savePlan.bind(null, slug)} className="space-y-4">
        <input type="hidden" name="version" value={plan.version} />
        <div className="grid gap-4 sm:grid-cols-3">
          <Field
            type="number"
            name="talkMinutes"
            min={1}
            max={120}
            required
            label={t('defence.talk-minutes')}
            defaultValue={plan.talkMinutes}
          />
          <Field
            type="number"
            name="questionMinutes"
            min={0}
            max={120}
            required
            label={t('defence.question-minutes')}
            defaultValue={plan.questionMinutes}
          />
          <Field
            type="number"
            name="warningMinutes"
            min={0}
            max={60}
            required
            label={t('defence.warning-minutes')}
            defaultValue={plan.warningMinutes}
          />
        </div>
        <Field
          type="datetime-local"
          name="startsAt"
          label={t('defence.starts-at')}
          hint={t('defence.starts-at-hint', { zone: timeZone, at: fallback })}
          defaultValue={typed(plan.startsAt)}
        />
        <Field
          type="datetime-local"
          name="talksCloseAt"
          label={t('defence.talks-close-at')}
          hint={t('defence.talks-close-at-hint')}
          defaultValue={typed(plan.talksCloseAt)}
        />
        <SubmitButton look="secondary" pending={t('defence.saving')}>
          {t('defence.save')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
