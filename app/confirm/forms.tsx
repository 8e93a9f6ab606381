import type { ReactNode } from 'react';
import { recoveryDays } from '#lib/db/mail-links.ts';
import { longestPassword, shortestPassword } from '#lib/identity/password-hash.ts';
import { longestPersonName } from '#lib/identity/person-name.ts';
import { ActionForm, type FormAction } from '#ui/action-form.tsx';
import { Checkbox, Field } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import {
  becomeAdministrator,
  finishNewAddress,
  finishRecovery,
  finishReset,
  finishSignIn,
  finishSignUp,
  promoteMe,
  signInToOther,
} from './actions.ts';

/** Who waits in this browser to be connected: `name` is how the service `provider` knows them; `isSure` where by this address. */
export type Waiting = { provider: string; name: string; isSure: boolean };
type LinkProps = { email: string; token: string; next: string; waiting: Waiting | null };

export async function SignUpForm(props: LinkProps) {
  const { t } = await pageLanguage();
  return (
    <LinkForm action={finishSignUp} button={t('auth.confirm-sign-up')} {...props}>
      <Field label={t('auth.email')} type="email" value={props.email} autoComplete="username" readOnly />
      <NameField />
      <NewPasswordField label={t('auth.password')} />
      <Connect waiting={props.waiting} />
    </LinkForm>
  );
}

export async function SignInForm(props: LinkProps) {
  const { t } = await pageLanguage();
  return (
    <LinkForm action={finishSignIn} button={t('auth.sign-in')} {...props}>
      <Connect waiting={props.waiting} />
    </LinkForm>
  );
}

export async function PasswordForm(props: LinkProps) {
  const { t } = await pageLanguage();
  return (
    <LinkForm action={finishReset} button={t('auth.confirm-password')} {...props}>
      <Field label={t('auth.email')} type="email" value={props.email} autoComplete="username" readOnly />
      <NewPasswordField label={t('auth.new-password')} />
      <Checkbox name="all" label={t('ways.reset-all')} />
    </LinkForm>
  );
}

export async function NewAddressForm(props: LinkProps) {
  const { t } = await pageLanguage();
  return (
    <LinkForm action={finishNewAddress} button={t('address.change')} {...props}>
      <p>{t('address.confirm-text', { days: recoveryDays })}</p>
    </LinkForm>
  );
}

/** For somebody who has two accounts and opened the link of the other one. */
export async function OtherAccountForm({ token }: { token: string }) {
  const { t } = await pageLanguage();
  return (
    <form action={signInToOther}>
      <input type="hidden" name="token" value={token} />
      <SubmitButton>{t('address.other-sign-in')}</SubmitButton>
    </form>
  );
}

/** Whoever takes an account back does not know who has got in, and by what. */
export async function RecoveryForm(props: LinkProps) {
  const { t } = await pageLanguage();
  return (
    <LinkForm action={finishRecovery} button={t('auth.confirm-password')} {...props}>
      <Field label={t('auth.email')} type="email" value={props.email} autoComplete="username" readOnly />
      <NewPasswordField label={t('auth.new-password')} />
      <Checkbox name="all" label={t('ways.reset-all')} defaultChecked />
    </LinkForm>
  );
}

export async function AdministratorForm(props: LinkProps) {
  const { t } = await pageLanguage();
  return (
    <LinkForm action={becomeAdministrator} button={t('auth.confirm-administrator')} {...props}>
      <Field label={t('auth.email')} name="email" type="email" autoComplete="username" required />
      <NameField />
      <NewPasswordField label={t('auth.password')} />
    </LinkForm>
  );
}

export async function PromotionForm(props: LinkProps) {
  const { t } = await pageLanguage();
  return (
    <LinkForm action={promoteMe} button={t('auth.confirm-administrator')} {...props}>
      <p>{t('auth.confirm-administrator-as', { email: props.email })}</p>
    </LinkForm>
  );
}

/** As `current`, for who is signed in and proves once more who they are. */
export async function CurrentPasswordField() {
  const { t } = await pageLanguage();
  return (
    <Field label={t('auth.password-current')} name="current" type="password" autoComplete="current-password" required />
  );
}

export async function NewPasswordField({ label }: { label: string }) {
  const { t } = await pageLanguage();
  return (
    <Field
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      hint={t('auth.password-hint', { length: shortestPassword })}
      minLength={shortestPassword}
      maxLength={longestPassword}
      required
    />
  );
}

export async function NameField({ name }: { name?: string }) {
  const { t } = await pageLanguage();
  return (
    <Field
      label={t('auth.name')}
      name="name"
      autoComplete="name"
      hint={t('auth.name-hint')}
      defaultValue={name}
      maxLength={longestPersonName}
      required
    />
  );
}

async function Connect({ waiting }: { waiting: Waiting | null }) {
  const { t } = await pageLanguage();
  if (waiting === null) return null;
  const { provider, name, isSure } = waiting;
  return <Checkbox name="connect" label={t('auth.connect', { provider, name })} defaultChecked={isSure} />;
}

type LinkFormProps = { action: FormAction; button: string; token: string; next: string; children: ReactNode };

async function LinkForm({ action, button, token, next, children }: LinkFormProps) {
  const { t } = await pageLanguage();
  return (
    <ActionForm action={action} className="space-y-5" label={button}>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="next" value={next} />
      {children}
      <SubmitButton pending={t('auth.confirming')}>{button}</SubmitButton>
    </ActionForm>
  );
}
