import type { Draw } from '#lib/db/defence.ts';
import type { StageView } from '#lib/db/stage.ts';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { DrawProof } from '#ui/draw-proof.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import type { StaffDesk } from '../staff.ts';
import { draw } from './actions.ts';

type Props = { desk: StaffDesk; view: StageView; draws: readonly Draw[] };

/** The lot, and how anybody draws it again. All draws are listed: nobody can draw until they like it unseen. */
export function DrawPanel({ desk, view: { plan, slots }, draws }: Props) {
  const { t, slug, print } = desk;
  const [newest, ...earlier] = draws;
  return (
    <Panel title={t('defence.draw')}>
      <p className="mb-4 text-soft">{t('defence.draw-lead')}</p>
      <ConfirmForm
        action={draw.bind(null, slug)}
        trigger={t('defence.draw-button')}
        title={t('defence.draw-title')}
        confirm={t('defence.draw-button')}
        pending={t('defence.saving')}
        cancel={t('common.cancel')}
      >
        <input type="hidden" name="version" value={plan.version} />
        <p>{t('defence.draw-text')}</p>
        <Field name="seed" maxLength={100} autoComplete="off" label={t('defence.seed')} hint={t('defence.seed-hint')} />
      </ConfirmForm>
      {newest && (
        <div className="mt-5 border-t border-rule pt-4">
          <DrawProof t={t} formats={desk.formats} draw={newest} slots={slots} timeZone={desk.competition.timeZone} />
        </div>
      )}
      {earlier.length > 0 && (
        <details className="mt-4 text-sm">
          <summary>{t('defence.draws-earlier', { count: earlier.length })}</summary>
          <ul className="mt-2 space-y-1">
            {earlier.map(({ seed, drawnAt, drawnBy }) => (
              <li key={drawnAt.toISOString()}>
                {print(drawnAt)}: <code className="code">{seed}</code> {drawnBy}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}
