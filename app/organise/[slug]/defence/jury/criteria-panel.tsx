import type { NamedCriterion } from '#lib/db/jury.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Desk } from '../../desk.ts';
import { createCriterion, dropCriterion } from './actions.ts';

type Props = { desk: Desk; criteria: readonly NamedCriterion[] };

export function CriteriaPanel({ desk: { t, slug }, criteria }: Props) {
  return (
    <Panel title={t('jury.criteria')}>
      {criteria.length === 0 && <p className="text-soft">{t('jury.criteria-none')}</p>}
      <ul className="divide-y divide-rule">
        {criteria.map(({ id, nameRu, nameEn, highest }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <p className="min-w-0">
              <span lang="ru">{nameRu}</span> · <span lang="en">{nameEn}</span>{' '}
              <span className="text-soft">{t('jury.scale', { highest })}</span>
            </p>
            <ConfirmForm
              action={dropCriterion.bind(null, slug)}
              look="danger"
              size="small"
              trigger={t('jury.criterion-remove')}
              label={`${t('jury.criterion-remove')}: ${nameRu}`}
              title={t('jury.criterion-remove-title')}
              confirm={t('jury.criterion-remove')}
              pending={t('defence.saving')}
              cancel={t('common.cancel')}
            >
              <input type="hidden" name="criterion" value={id} />
              <p>{t('jury.criterion-remove-text')}</p>
            </ConfirmForm>
          </li>
        ))}
      </ul>
      <ActionForm
        key={criteria.length}
        action={createCriterion.bind(null, slug)}
        className="mt-4 space-y-4 border-t border-rule pt-4"
      >
        <div className="grid gap-4">
          <Field name="nameRu" maxLength={120} label={t('jury.name-ru')} hint={t('jury.name-hint')} />
          <Field name="nameEn" maxLength={120} label={t('jury.name-en')} />
        </div>
        <Field type="number" name="highest" min={2} max={100} required defaultValue={10} label={t('jury.highest')} />
        <SubmitButton look="secondary" pending={t('defence.saving')}>
          {t('jury.criterion-add')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
