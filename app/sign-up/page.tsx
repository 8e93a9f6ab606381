import type { Metadata } from 'next';
import { findHeldIdentity } from '#lib/auth/pending-identity.ts';
import { webEnv } from '#lib/env.ts';
import { domainList } from '#lib/identity/email-domains.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import { Notice } from '#ui/notice.tsx';
import { pageLanguage } from '../language.ts';
import { Door, MailNote, OtherDoor } from '../sign-in/door.tsx';
import { MailForm } from '../sign-in/mail-form.tsx';
import { ProviderDoors } from '../sign-in/provider-doors.tsx';
import { type Search, wayBack } from '../sign-in/way-back.ts';
import { signUp } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('auth.sign-up-title') };
}

export default async function SignUpPage({ searchParams }: Search) {
  const { t } = await pageLanguage();
  const search = await searchParams;
  const next = wayBack(search.next);
  const { registration } = webEnv();
  const identity = search.via === 'provider' ? await findHeldIdentity() : null;
  const provider = signInProviders(webEnv()).find(({ key }) => key === identity?.provider);
  return (
    <Door title={t('auth.sign-up-title')} lead={t('auth.sign-up-lead')}>
      {registration.who !== 'everybody' && (
        <Notice className="mb-6">
          {registration.who === 'domains'
            ? t('ways.only-domains', { domains: domainList(registration.domains) })
            : t('ways.only-invited')}
        </Notice>
      )}
      {provider === undefined ? (
        <ProviderDoors next={next} />
      ) : (
        <Notice className="mb-6">{t('auth.provider-unproven', { provider: provider.name })}</Notice>
      )}
      <MailForm
        action={signUp}
        label={t('auth.sign-up-title')}
        button={t('auth.sign-up-send')}
        next={next}
        email={identity?.email ?? ''}
      />
      <OtherDoor question={t('auth.member')} href={withNext('/sign-in', next)}>
        {t('auth.sign-in')}
      </OtherDoor>
      <MailNote />
    </Door>
  );
}
