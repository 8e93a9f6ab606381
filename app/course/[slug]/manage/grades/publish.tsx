import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Checkbox, Field } from '#ui/field.tsx';
import type { CourseDesk } from '../desk.ts';
import { publishGrades } from './actions.ts';

type Props = { desk: CourseDesk; digest: string; isFirst: boolean };

/** Publishes exactly what stands on this page: `digest` tells whether it still does. */
export function Publish({ desk: { t, slug }, digest, isFirst }: Props) {
  return (
    <ConfirmForm
      action={publishGrades.bind(null, slug)}
      look="primary"
      trigger={t(isFirst ? 'course.publish' : 'course.publish-again')}
      title={t('course.publish-title')}
      confirm={t('course.publish-confirm')}
      pending={t('course.publishing')}
      cancel={t('common.cancel')}
    >
      <input type="hidden" name="digest" value={digest} />
      <p>{t('course.publish-text')}</p>
      {isFirst ? (
        <input type="hidden" name="reason" value="" />
      ) : (
        <Field
          name="reason"
          label={t('course.publish-reason')}
          hint={t('course.publish-reason-hint')}
          required
          maxLength={500}
        />
      )}
      <Checkbox name="byMail" label={t('course.publish-mail')} defaultChecked />
    </ConfirmForm>
  );
}
