import Link from 'next/link';
import type { ReactNode } from 'react';
import type { CurrentSession } from '#lib/auth.ts';
import { type LinkedIdentity, listIdentities } from '#lib/db/identities.ts';
import type { Account } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { type SignInProvider, signInProviders } from '#lib/identity/sign-in-providers.ts';
import { buttonClass } from '#ui/button.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../language.ts';
import { ProviderProblemNotice } from '../sign-in/provider-problem.tsx';
import type { Query } from '../sign-in/way-back.ts';
import { disconnect } from './actions.ts';

/** Everything that opens the account. Services are connected and disconnected by who has lately proven who they are. */
export async function Ways({ session, account }: { session: CurrentSession; account: Account }) {
  const { t } = await pageLanguage();
  const providers = signInProviders(webEnv());
  const linked = await listIdentities(webDatabase(), account.id);
  const missing = providers.filter(({ key }) => !linked.some(({ provider }) => provider === key));
  const hasServices = linked.length + missing.length > 0;
  return (
    <Panel title={t('ways.title')}>
      <ul className="divide-y divide-rule">
        <Way
          name={t('ways.password')}
          state={t(account.passwordHash === null ? 'ways.password-none' : 'ways.password-set')}
        />
        <Way name={t('ways.mail')} state={account.email} />
        {linked.map((one) => (
          <LinkedWay key={`${one.provider} ${one.subject}`} linked={one} account={account} isFresh={session.isFresh} />
        ))}
        {missing.map((provider) => (
          <MissingWay key={provider.id} provider={provider} isFresh={session.isFresh} />
        ))}
      </ul>
      {hasServices && !session.isFresh && (
        <p className="mt-4">
          {t('ways.confirm-first')}{' '}
          <Link href={withNext('/sign-in/again', '/account')} className="link font-medium">
            {t('ways.confirm-first-link')}
          </Link>
        </p>
      )}
    </Panel>
  );
}

/** What came of a journey to a service, for the head of the page. */
export async function JourneyNotice({ search }: { search: Query }) {
  const { t } = await pageLanguage();
  const provider = signInProviders(webEnv()).find(({ id }) => id === search.connected);
  if (provider === undefined) return <ProviderProblemNotice search={search} />;
  return (
    <Notice kind="success" className="mb-6">
      {t('ways.connected', { provider: provider.name })}
    </Notice>
  );
}

function Way({ name, state, children }: { name: ReactNode; state: ReactNode; children?: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0">
        <p className="font-medium">{name}</p>
        <p className="break-words text-sm text-soft">{state}</p>
      </div>
      {children}
    </li>
  );
}

async function LinkedWay({ linked, account, isFresh }: { linked: LinkedIdentity; account: Account; isFresh: boolean }) {
  const { t, formats } = await pageLanguage();
  const provider = signInProviders(webEnv()).find(({ key }) => key === linked.provider)?.name;
  const name = provider ?? t('ways.gone', { provider: linked.provider });
  const ago = formats.ago(Date.now() - linked.createdAt.getTime());
  return (
    <Way name={name} state={t('ways.connected-since', { ago })}>
      {isFresh && (
        <ConfirmForm
          action={disconnect}
          size="small"
          trigger={t('ways.disconnect')}
          label={t('ways.disconnect-named', { provider: name })}
          title={t('ways.disconnect-ask', { provider: name })}
          confirm={t('ways.disconnect-confirm')}
          pending={t('ways.disconnecting')}
          cancel={t('common.cancel')}
        >
          <p>{t('ways.disconnect-text', { provider: name, email: account.email })}</p>
          <input type="hidden" name="provider" value={linked.provider} />
          <input type="hidden" name="subject" value={linked.subject} />
        </ConfirmForm>
      )}
    </Way>
  );
}

async function MissingWay({ provider: { id, name }, isFresh }: { provider: SignInProvider; isFresh: boolean }) {
  const { t } = await pageLanguage();
  return (
    <Way name={name} state={t('ways.not-connected')}>
      {isFresh && (
        // Not a <Link>: this address answers with a redirect to another site.
        <a
          href={`/sign-in/provider?by=${id}&connect=yes&next=/account`}
          className={buttonClass('secondary', 'small')}
          aria-label={t('ways.connect-named', { provider: name })}
        >
          {t('ways.connect')}
        </a>
      )}
    </Way>
  );
}
