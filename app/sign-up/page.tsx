import type { Metadata } from 'next';
import { findHeldIdentity } from '#lib/auth/pending-identity.ts';
import { webEnv } from '#lib/env.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { Notice } from '#ui/notice.tsx';
import { pageLanguage } from '../language.ts';
import { Door, MailNote, OtherDoor } from '../sign-in/door.tsx';
import { MailForm } from '../sign-in/mail-form.tsx';
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
  const provider = webEnv().oidc?.name;
  const identity = search.via === 'provider' ? await findHeldIdentity() : null;
  return (
    <Door title={t('auth.sign-up-title')} lead={t('auth.sign-up-lead')}>
      {identity !== null && provider !== undefined && (
        <Notice className="mb-6">{t('auth.provider-unproven', { provider })}</Notice>
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
