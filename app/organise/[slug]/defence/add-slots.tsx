import { ActionForm } from '#ui/action-form.tsx';
import { Checkbox, Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../staff.ts';
import { addPause, addTalks } from './actions.ts';

type FreeTeam = { id: string; name: string; isGuest: boolean };
type Props = { desk: StaffDesk; version: number; free: readonly FreeTeam[] };

/** Teams that have no slot yet, ranked ones ticked, and breaks. */
export function AddSlots({ desk: { t, slug }, version, free }: Props) {
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Panel title={t('defence.add-talks')}>
        {free.length === 0 ? (
          <p className="text-soft">{t('defence.add-none')}</p>
        ) : (
          // A new list after each change: boxes are ticked for those who are in it.
          <ActionForm key={version} action={addTalks.bind(null, slug)} className="space-y-4">
            <input type="hidden" name="version" value={version} />
            <fieldset className="max-h-96 space-y-2 overflow-y-auto">
              <legend className="mb-2 text-sm text-soft">{t('defence.add-hint')}</legend>
              {free.map(({ id, name, isGuest }) => (
                <Checkbox
                  key={id}
                  name="team"
                  value={id}
                  defaultChecked={!isGuest}
                  label={isGuest ? t('defence.unranked-team', { name }) : name}
                />
              ))}
            </fieldset>
            <SubmitButton pending={t('defence.saving')}>{t('defence.add')}</SubmitButton>
          </ActionForm>
        )}
      </Panel>
      <Panel title={t('defence.add-break')}>
        <ActionForm action={addPause.bind(null, slug)} className="space-y-4">
          <input type="hidden" name="version" value={version} />
          <Field
            type="number"
            name="minutes"
            min={1}
            max={480}
            required
            defaultValue={15}
            label={t('defence.length-minutes')}
          />
          <SubmitButton look="secondary" pending={t('defence.saving')}>
            {t('defence.add')}
          </SubmitButton>
        </ActionForm>
      </Panel>
    </div>
  );
}
