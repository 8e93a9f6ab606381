import type { Plan } from '#lib/db/defence.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../staff.ts';
import { publishParts } from './actions.ts';

type Props = { desk: StaffDesk; plan: Plan };

/** What everybody may see. */
export function PublishPanel({ desk, plan }: Props) {
  return (
    <Panel title={desk.t('defence.publish')}>
      <div className="space-y-4">
        <Switch desk={desk} version={plan.version} what="programme" at={plan.programmePublishedAt} />
        <Switch desk={desk} version={plan.version} what="slides" at={plan.slidesPublishedAt} />
      </div>
    </Panel>
  );
}

type SwitchProps = { desk: StaffDesk; version: number; what: 'programme' | 'slides'; at: Date | null };

function Switch({ desk: { t, slug, print }, version, what, at }: SwitchProps) {
  return (
    <ActionForm action={publishParts.bind(null, slug)} className="flex flex-wrap items-center justify-between gap-3">
      <input type="hidden" name="version" value={version} />
      <input type="hidden" name="what" value={what} />
      <input type="hidden" name="publish" value={at === null ? 'yes' : 'no'} />
      <p className="min-w-0">
        {at === null ? t(`defence.${what}-hidden`) : t(`defence.${what}-public`, { at: print(at) })}
      </p>
      <SubmitButton look="secondary" size="small" pending={t('defence.saving')}>
        {t(at === null ? `defence.${what}-publish` : `defence.${what}-hide`)}
      </SubmitButton>
    </ActionForm>
  );
}
