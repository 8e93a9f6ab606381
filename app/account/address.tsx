import type { CurrentSession } from '#lib/auth.ts';
import { findWaitingAddress, type WaitingAddress } from '#lib/db/mail-links.ts';
import type { Account } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { domainList } from '#lib/identity/email-domains.ts';
import type { Registration } from '#lib/identity/registration.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { CurrentPasswordField } from '../confirm/forms.tsx';
import { pageLanguage } from '../language.ts';
import { MailNote } from '../sign-in/door.tsx';
import type { Query } from '../sign-in/way-back.ts';
import { changeAddress, keepAddress } from './actions.ts';
import { Again } from './again.tsx';

/** The address of the account, the one that waits to become it, and how to ask for another. */
export async function Address({ session, account }: { session: CurrentSession; account: Account }) {
  const { t } = await pageLanguage();
  const waiting = await findWaitingAddress(webDatabase(), account.id);
  const mayAsk = account.passwordHash !== null || session.isFresh;
  return (
    <Panel title={t('address.title')}>
      <p className="mb-3 wrap-anywhere">{t('address.lead', { email: account.email })}</p>
      {waiting !== null && <Waiting waiting={waiting} />}
      {mayAsk ? (
        <AddressForm hasPassword={account.passwordHash !== null} />
      ) : (
        <Again why={t('address.confirm-first')} />
      )}
      <MailNote />
    </Panel>
  );
}

/** For the head of the page, after the link was opened. */
export async function AddressChanged({ email, search }: { email: string; search: Query }) {
  const { t } = await pageLanguage();
  const { address: outcome } = search;
  if (outcome !== 'changed' && outcome !== 'recovered') return null;
  return (
    <Notice kind="success" className="mb-6">
      <p className="wrap-anywhere">{t(`address.${outcome}`, { email })}</p>
    </Notice>
  );
}

async function AddressForm({ hasPassword }: { hasPassword: boolean }) {
  const { t } = await pageLanguage();
  return (
    <ActionForm action={changeAddress} className="space-y-5" label={t('address.title')}>
      <p className="text-soft">{t('address.how')}</p>
      <Field
        label={t('address.new')}
        name="email"
        type="email"
        autoComplete="email"
        hint={whoMay(webEnv().registration, t)}
        required
      />
      {hasPassword ? <CurrentPasswordField /> : <input type="hidden" name="current" value="" />}
      <SubmitButton pending={t('auth.sending')}>{t('address.change')}</SubmitButton>
    </ActionForm>
  );
}

async function Waiting({ waiting: { email, since, endsAt } }: { waiting: WaitingAddress }) {
  const { t, formats } = await pageLanguage();
  const ago = formats.ago(Date.now() - since.getTime());
  const minutes = Math.ceil((endsAt.getTime() - Date.now()) / 60_000);
  return (
    <Notice className="mb-5" title={<span className="wrap-anywhere">{t('address.waiting', { email })}</span>}>
      <p className="mb-3">{t('address.waiting-text', { ago, minutes })}</p>
      <ActionForm action={keepAddress} label={t('address.cancel')}>
        <SubmitButton look="secondary" size="small" pending={t('address.cancelling')}>
          {t('address.cancel')}
        </SubmitButton>
      </ActionForm>
    </Notice>
  );
}

/** Undefined where any address will do. */
function whoMay(registration: Registration, t: Translate): string | undefined {
  switch (registration.who) {
    case 'domains':
      return t('address.only-domains', { domains: domainList(registration.domains) });
    case 'invited':
      return t('address.only-invited');
    case 'everybody':
      return undefined;
  }
}
