import type { Plan } from '#lib/db/defence.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Desk } from '../../desk.ts';
import { savePoints } from './actions.ts';

/** How marks become points: not at all, unless it is said here. */
export function PointsPanel({ desk: { t, slug }, plan: { version, pointsForMarks } }: { desk: Desk; plan: Plan }) {
  return (
    <Panel title={t('jury.points-title')}>
      <p className="mb-3">
        {pointsForMarks === null ? t('jury.points-none') : t('jury.points-some', { points: pointsForMarks })}
      </p>
      <p className="mb-4 text-sm text-soft">{t('jury.points-rule')}</p>
      <ActionForm action={savePoints.bind(null, slug)} className="space-y-4">
        <input type="hidden" name="version" value={version} />
        <Field
          type="number"
          name="points"
          min={1}
          max={100}
          label={t('jury.points')}
          hint={t('jury.points-hint')}
          defaultValue={pointsForMarks ?? ''}
        />
        <SubmitButton look="secondary" pending={t('defence.saving')}>
          {t('defence.save')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
