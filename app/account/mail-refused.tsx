import { findUndeliverable } from '#lib/db/undeliverable.ts';
import type { Account } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Notice } from '#ui/notice.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import { mailSignInLink } from './actions.ts';

/** Tells somebody whose mailbox refuses our mails, since no mail can, and how to have them again. */
export async function MailRefused({ account: { id, email } }: { account: Account }) {
  const refused = await findUndeliverable(webDatabase(), id);
  if (refused === null) return null;
  const { t, formats } = await pageLanguage();
  const ago = formats.ago(Date.now() - refused.since.getTime());
  return (
    <Notice kind="warning" title={t('mail.refused-title')} className="mb-6">
      <div className="space-y-3">
        <p className="wrap-anywhere">{t('mail.refused-text', { email, ago })}</p>
        <p className="wrap-anywhere text-sm text-soft">{t('mail.refused-reason', { reason: refused.reason })}</p>
        <p>{t('mail.refused-do')}</p>
        <ActionForm action={mailSignInLink} label={t('mail.refused-title')}>
          <SubmitButton look="secondary" pending={t('auth.sending')}>
            {t('mail.refused-send')}
          </SubmitButton>
        </ActionForm>
        <p>{t('mail.refused-gone')}</p>
      </div>
    </Notice>
  );
}
