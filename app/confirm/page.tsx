import type { Metadata } from 'next';
import { findHeldIdentity } from '#lib/auth/pending-identity.ts';
import { currentUser, visitor } from '#lib/auth.ts';
import {
  getMailLink,
  type MailLink,
  type MailLinkPurpose,
  type MailLinkState,
  mailLinkMinutes,
  recoveryDays,
} from '#lib/db/mail-links.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError, TooManyRequestsError } from '#lib/errors.ts';
import { refusingGuesses } from '#lib/identity/limits.ts';
import { isOf } from '#lib/identity/links.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { LinkButton } from '#ui/button.tsx';
import { Facts } from '#ui/facts.tsx';
import { pageLanguage } from '../language.ts';
import { Door } from '../sign-in/door.tsx';
import { type Search, wayBack } from '../sign-in/way-back.ts';
import {
  AdministratorForm,
  NewAddressForm,
  OtherAccountForm,
  PasswordForm,
  PromotionForm,
  RecoveryForm,
  SignInForm,
  SignUpForm,
  type Waiting,
} from './forms.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('auth.confirm-page'), robots: { index: false } };
}

/** Where mailed links lead. Only its buttons use a link up: scanners of mail open every address, and press nothing. */
export default async function ConfirmPage({ searchParams }: Search) {
  const { token, next } = await searchParams;
  const link = typeof token === 'string' ? await findLink(token) : null;
  if (link === null) return <DeadLink state="unknown" next={wayBack(next)} />;
  if (link.state !== 'live') return <DeadLink state={link.state} purpose={link.purpose} next={wayBack(next)} />;
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
    case 'new-address':
      return <NewAddress link={link} {...props} />;
    case 'recovery':
      return (
        <Door title={t('address.recovery-title')} lead={t('address.recovery-lead', { email: link.email })}>
          <RecoveryForm {...props} />
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

type NewAddressProps = { link: MailLink; email: string; token: string; next: string; waiting: Waiting | null };

/** Confirmed in the account that asked for it alone; whoever is not there learns nothing of whose it is. */
async function NewAddress({ link, ...props }: NewAddressProps) {
  const { t } = await pageLanguage();
  const user = await currentUser();
  if (user === null) {
    return (
      <Door title={t('address.sign-in-title')} lead={t('address.sign-in-lead')}>
        <p className="mb-6">{t('address.unasked')}</p>
        <LinkButton href={withNext('/sign-in', `/confirm?token=${props.token}`)}>{t('auth.sign-in')}</LinkButton>
      </Door>
    );
  }
  if (user.id !== link.userId) {
    return (
      <Door title={t('address.other-title')} lead={t('address.other-lead', { email: user.email })}>
        <OtherAccountForm token={props.token} />
      </Door>
    );
  }
  return (
    <Door title={t('address.confirm-title')} lead={t('address.confirm-lead')}>
      <div className="mb-6">
        <Facts
          facts={[
            { term: t('address.now'), value: user.email },
            { term: t('address.then'), value: props.email },
          ]}
        />
      </div>
      <NewAddressForm {...props} />
    </Door>
  );
}

/** The identity that may be connected to the account of this address. */
async function findWaiting(email: string): Promise<Waiting | null> {
  const held = await findHeldIdentity();
  const provider = signInProviders(webEnv()).find(({ key }) => key === held?.provider);
  if (provider === undefined || !isOf(held, email)) return null;
  return { provider: provider.name, name: held.email || held.name, isSure: held.email !== '' };
}

type DeadLinkProps = { state: Exclude<MailLinkState, 'live'> | 'unknown'; purpose?: MailLinkPurpose; next: string };

/** What became of the link, and where to go on: whoever is signed in needs no other link to come in. */
async function DeadLink(props: DeadLinkProps) {
  const { t } = await pageLanguage();
  const { title, lead, way } = await endOf(props, t);
  return (
    <Door title={title} lead={lead}>
      {way !== null && <LinkButton href={way.href}>{way.label}</LinkButton>}
    </Door>
  );
}

type End = { title: string; lead: string; way: { href: string; label: string } | null };

async function endOf({ state, purpose, next }: DeadLinkProps, t: Translate): Promise<End> {
  const title = t(`auth.link-${state}-title`);
  const lead = t(`auth.link-${state}`, { minutes: mailLinkMinutes });
  const isInside = (await currentUser()) !== null;
  const toAccount = { href: '/account', label: t('address.to-account') };
  const askAgain = { href: withNext('/sign-in', next), label: t('auth.link-ask-again') };
  if (purpose === 'recovery') {
    if (state === 'expired') return { title, lead: t('address.recovery-expired', { days: recoveryDays }), way: null };
    if (isInside) return { title, lead: t('address.recovery-used-inside'), way: toAccount };
    return { title, lead: t('address.recovery-used'), way: { href: '/sign-in', label: t('auth.sign-in') } };
  }
  if (purpose === 'new-address') {
    if (state === 'used') return { title: t('address.used-title'), lead: t('address.used'), way: toAccount };
    return { title, lead, way: { href: '/account', label: t('auth.link-ask-again') } };
  }
  if (!isInside) return { title, lead, way: askAgain };
  if (state !== 'used') return { title, lead, way: toAccount };
  return { title, lead: t('auth.link-used-inside'), way: { href: next, label: t('auth.go-on') } };
}
