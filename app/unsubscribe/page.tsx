import type { Metadata } from 'next';
import { webEnv } from '#lib/env.ts';
import { readUnsubscription } from '#lib/mail/unsubscribe.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import { Door } from '../sign-in/door.tsx';
import type { Search } from '../sign-in/way-back.ts';
import { stop } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('mail.settings-title'), robots: { index: false } };
}

/** Where the last line of a mail leads, without signing in. Only its button ends anything: scanners of mail press none. */
export default async function UnsubscribePage({ searchParams }: Search) {
  const { t } = await pageLanguage();
  const { token } = await searchParams;
  const asked = typeof token === 'string' ? readUnsubscription(webEnv().secret, token) : null;
  const toSettings = (
    <LinkButton href="/account#mails" look="secondary">
      {t('mail.unsubscribe-account')}
    </LinkButton>
  );
  if (asked === null) {
    return (
      <Door title={t('mail.unsubscribe-unknown-title')} lead={t('mail.unsubscribe-unknown')}>
        {toSettings}
      </Door>
    );
  }
  const about = t(`mail.about-${asked.category}`);
  return (
    <Door title={t('mail.unsubscribe-title')} lead={t('mail.unsubscribe-lead', { about })}>
      <ActionForm action={stop} className="space-y-5" label={t('mail.unsubscribe-title')}>
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton pending={t('mail.unsubscribe-pressing')}>{t('mail.unsubscribe-press')}</SubmitButton>
      </ActionForm>
      <p className="mt-6">{toSettings}</p>
    </Door>
  );
}
