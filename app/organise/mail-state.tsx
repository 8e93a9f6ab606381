import type { MailState } from '#lib/db/mails.ts';
import { mailDelivery } from '#lib/identity/mail-delivery.ts';
import { type ActionAnswer, ActionForm } from '#ui/action-form.tsx';
import { Facts } from '#ui/facts.tsx';
import { Notice } from '#ui/notice.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';

const lateMs = 10 * 60_000;

export function isMailLate({ oldestAt }: MailState): boolean {
  return oldestAt !== null && Date.now() - oldestAt.getTime() > lateMs;
}

type Props = { state: MailState; retry: (previous: unknown, form: FormData) => Promise<ActionAnswer> };

/** How many mails are out, wait or were given up, what the mail server said last, and one button to try again. */
export async function MailFacts({ state, retry }: Props) {
  const { t, formats } = await pageLanguage();
  const delivery = mailDelivery();
  const { waiting, oldestAt, sentToday, failed, lastError } = state;
  const age = oldestAt === null ? null : formats.ago(Date.now() - oldestAt.getTime());
  const oldest = age === null ? undefined : `${t('mail.state-oldest')} ${age}`;
  return (
    <div className="space-y-4">
      {delivery === 'none' && <Notice kind="warning">{t('mail.state-no-server')}</Notice>}
      {delivery === 'outbox' && <p className="text-soft">{t('mail.state-outbox')}</p>}
      {delivery === 'server' && isMailLate(state) && (
        <Notice kind="error" title={t('mail.state-late')}>
          {t('mail.state-late-text')}
        </Notice>
      )}
      <Facts
        facts={[
          { term: t('mail.state-sent'), value: formats.number(sentToday) },
          { term: t('mail.state-waiting'), value: formats.number(waiting), note: oldest },
          { term: t('mail.state-failed'), value: formats.number(failed) },
        ]}
      />
      {lastError !== null && (
        <p className="max-w-prose wrap-anywhere">
          <span className="text-soft">{t('mail.state-error')}:</span> {lastError}
        </p>
      )}
      {delivery === 'server' && (
        <ActionForm action={retry} label={t('mail.state-title')}>
          {waiting + failed === 0 && <p className="text-soft">{t('mail.state-none')}</p>}
          {waiting + failed > 0 && (
            <SubmitButton look="secondary" pending={t('mail.state-retrying')}>
              {t('mail.state-retry')}
            </SubmitButton>
          )}
        </ActionForm>
      )}
    </div>
  );
}
