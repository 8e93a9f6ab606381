import { ActionForm, type FormAction } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';

type Props = { action: FormAction; label: string; button: string; next: string; email?: string };

/** One address and a button that mails a link there. */
export async function MailForm({ action, label, button, next, email }: Props) {
  const { t } = await pageLanguage();
  return (
    <ActionForm action={action} className="space-y-5" label={label}>
      <input type="hidden" name="next" value={next} />
      <Field
        label={t('auth.email')}
        name="email"
        type="email"
        autoComplete="email"
        placeholder="anna@example.org"
        defaultValue={email}
        required
      />
      <SubmitButton pending={t('auth.sending')}>{button}</SubmitButton>
    </ActionForm>
  );
}
