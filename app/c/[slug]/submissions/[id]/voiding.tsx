import type { SubmissionView } from '#lib/db/submission-views.ts';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { TextArea } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import type { Visit } from '../../visit.ts';
import { decideCounting } from './actions.ts';

type Props = { visit: Visit; submission: SubmissionView };

/** For organisers: whether the file counts. Nothing is ever deleted. */
export function Voiding({ visit: { t, slug }, submission: { id, voidedAt } }: Props) {
  const act = voidedAt === null ? 'void' : 'restore';
  return (
    <Panel title={t('upload.voiding-title')}>
      <p className="mb-4 max-w-prose text-soft">{t(`upload.${act}-text`)}</p>
      <ConfirmForm
        action={decideCounting.bind(null, slug)}
        look={act === 'void' ? 'danger' : 'secondary'}
        trigger={t(`upload.${act}`)}
        title={t(`upload.${act}-title`)}
        confirm={t(`upload.${act}`)}
        pending={t('upload.voiding-pending')}
        cancel={t('common.cancel')}
      >
        <input type="hidden" name="submission" value={id} />
        <input type="hidden" name="counts" value={voidedAt === null ? 'no' : 'yes'} />
        <p>{t(`upload.${act}-text`)}</p>
        <TextArea
          name="reason"
          label={t('upload.voiding-reason')}
          hint={t('upload.voiding-hint')}
          required
          maxLength={500}
        />
      </ConfirmForm>
    </Panel>
  );
}
