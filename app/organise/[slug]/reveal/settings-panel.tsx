import { ActionForm } from '#ui/action-form.tsx';
import { Checkbox } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../staff.ts';
import { saveRevealSettings } from './actions.ts';

export function SettingsPanel({ desk: { t, competition, slug } }: { desk: StaffDesk }) {
  return (
    <Panel>
      <ActionForm action={saveRevealSettings.bind(null, slug)} className="space-y-5">
        {/* Calling the reveal sets the mode, too: the choice follows. */}
        <fieldset key={competition.revealMode} className="space-y-2">
          <legend className="mb-3 text-lg font-semibold tracking-tight">{t('reveal.settings')}</legend>
          {(['staged', 'at-once'] as const).map((mode) => (
            <label key={mode} className="flex gap-3">
              <input
                type="radio"
                name="revealMode"
                value={mode}
                defaultChecked={competition.revealMode === mode}
                className="mt-1 size-4 shrink-0 accent-accent"
              />
              <span>{t(`reveal.mode-${mode}`)}</span>
            </label>
          ))}
        </fieldset>
        <Checkbox name="revealByHelpers" label={t('reveal.helpers')} defaultChecked={competition.revealByHelpers} />
        <SubmitButton look="secondary" pending={t('reveal.working')}>
          {t('reveal.save')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
