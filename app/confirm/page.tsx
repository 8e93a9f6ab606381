import type { Metadata } from 'next';
import { findHeldIdentity } from '#lib/auth/pending-identity.ts';
import { currentUser, visitor } from '#lib/auth.ts';
import { getMailLink, type MailLink, type MailLinkState, mailLinkMinutes } from '#lib/db/mail-links.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError, TooManyRequestsError } from '#lib/errors.ts';
import { refusingGuesses } from '#lib/identity/limits.ts';
import { isOf } from '#lib/identity/links.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import { LinkButton } from '#ui/button.tsx';
import { pageLanguage } from '../language.ts';
import { Door } from '../sign-in/door.tsx';
import { type Search, wayBack } from '../sign-in/way-back.ts';
import { AdministratorForm, PasswordForm, PromotionForm, SignInForm, SignUpForm, type Waiting } from './forms.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('auth.sign-in-title'), robots: { index: false } };
}

/** Where mailed links lead. Only its buttons use a link up: scanners of mail open every address, and press nothing. */
export default async function ConfirmPage({ searchParams }: Search) {
  const { token, next } = await searchParams;
  const link = typeof token === 'string' ? await findLink(token) : null;
  if (link?.state !== 'live') return <DeadLink state={link?.state ?? 'unknown'} next={wayBack(next)} />;
  return <LiveLink link={link} token={String(token)} next={wayBack(next)} />;
}

/** Null for one that leads nowhere, and for whoever tries too many of those. */
async function findLink(token: string) {
  const { network } = await visitor();
  try {
    return await refusingGuesses(webDatabase(), network, () => getMailLink(webDatabase(), token));
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof TooManyRequestsError) return null;
    throw error;
  }
}

async function LiveLink({ link, token, next }: { link: MailLink; token: string; next: string }) {
  const { t } = await pageLanguage();
  const props = { email: link.email, token, next, waiting: await findWaiting(link.email) };
  switch (link.purpose) {
    case 'sign-up':
      return (
        <Door title={t('auth.confirm-sign-up-title')} lead={t('auth.confirm-sign-up-lead')}>
          <SignUpForm {...props} />
        </Door>
      );
    case 'sign-in':
      return (
        <Door title={t('auth.confirm-sign-in-title')} lead={t('auth.confirm-sign-in-lead', { email: link.email })}>
          <SignInForm {...props} />
        </Door>
      );
    case 'password':
      return (
        <Door title={t('auth.confirm-password-title')} lead={t('auth.confirm-password-lead')}>
          <PasswordForm {...props} />
        </Door>
      );
    case 'first-administrator': {
      const user = await currentUser();
      return (
        <Door title={t('auth.confirm-administrator-title')} lead={t('auth.confirm-administrator-lead')}>
          {user === null ? <AdministratorForm {...props} /> : <PromotionForm {...props} email={user.email} />}
        </Door>
      );
    }
  }
}

/** The identity that may be connected to the account of this address. */
async function findWaiting(email: string): Promise<Waiting | null> {
  const held = await findHeldIdentity();
  const provider = signInProviders(webEnv()).find(({ key }) => key === held?.provider);
  if (provider === undefined || !isOf(held, email)) return null;
  return { provider: provider.name, name: held.email || held.name, isSure: held.email !== '' };
}

async function DeadLink({ state, next }: { state: Exclude<MailLinkState, 'live'> | 'unknown'; next: string }) {
  const { t } = await pageLanguage();
  return (
    <Door title={t(`auth.link-${state}-title`)} lead={t(`auth.link-${state}`, { minutes: mailLinkMinutes })}>
      <LinkButton href={withNext('/sign-in', next)}>{t('auth.link-ask-again')}</LinkButton>
    </Door>
  );
}
