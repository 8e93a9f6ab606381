'use server';

import { refresh } from 'next/cache';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { cookieOf, currentUser, endSession, requireSession, requireUser, startSession } from '#lib/auth.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { listIdentities } from '#lib/db/identities.ts';
import { getMailChoices, saveMailChoices } from '#lib/db/mail-choices.ts';
import { mailLinkMinutes } from '#lib/db/mail-links.ts';
import { requireFresh, revokeSession, revokeSessions } from '#lib/db/sessions.ts';
import { createApiToken, revokeApiTokens, scopes } from '#lib/db/tokens.ts';
import { updateProfile } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { askForNewAddress, cancelNewAddress } from '#lib/identity/new-address.ts';
import { changePassword } from '#lib/identity/passwords.ts';
import { personName } from '#lib/identity/person-name.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import { disconnectIdentity } from '#lib/identity/ways-in.ts';
import { optionalCategories } from '#lib/mail/categories.ts';
import { translator } from '#lib/messages/translate.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../language.ts';
import { refusable } from '../refusal.ts';
import { mailLink, requireMail, typedAddress } from '../sign-in/mail-link.ts';
import { tokenDays } from './token-days.ts';
import type { TokenAnswer } from './token-maker.tsx';

const ProfileForm = z.object({ name: z.string(), language: z.enum(['ru', 'en']) });
const PasswordForm = z.object({ current: z.string(), password: z.string(), tokens: z.literal('on').optional() });
const AddressForm = z.object({ email: z.string(), current: z.string() });
const IdentityForm = z.object({ provider: z.string(), subject: z.string() });
const SessionForm = z.object({ session: z.uuid() });
const TokenForm = z.object({ name: z.string().trim(), days: z.enum(tokenDays) });
const RevokeForm = z.object({ token: z.uuid() });

const EraseForm = z.object({ email: z.string() });

const oneYearSeconds = 365 * 24 * 60 * 60;

export async function saveProfile(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const { language, ...typed } = ProfileForm.parse(Object.fromEntries(form));
    const name = personName(typed.name);
    if (name === null) throw new RefusedError('person-name', 422);
    await updateProfile(webDatabase(), user.id, { name, language });
    const { options } = cookieOf('language');
    (await cookies()).set('rostrum-language', language, { ...options, maxAge: oneYearSeconds });
    refresh();
    return { status: 'done', sentence: translator(language)('auth.saved') };
  });
}

/** A box that is not sent is not ticked: kinds are told of those that are wanted, competitions of those that are not. */
export async function chooseMails(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const refused = optionalCategories.filter((category) => form.get(category) !== 'on');
    const { mutes } = await getMailChoices(webDatabase(), user.id);
    const chosen = mutes.map(({ id }) => ({ id, isMuted: form.get(`quiet-${id}`) === 'on' }));
    await saveMailChoices(webDatabase(), user.id, { refused, mutes: chosen });
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('mail.settings-saved') };
  });
}

export async function setPassword(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const { current, password, tokens } = PasswordForm.parse(Object.fromEntries(form));
    const next = { password, leaks: webEnv().leaks };
    const change = { current, next, revokesTokens: tokens === 'on', site: webEnv().origin };
    if (!(await changePassword(webDatabase(), user.id, change))) throw new RefusedError('wrong-current-password', 422);
    await startSession(user);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('auth.password-changed') };
  });
}

/** Says the same whether the address has an account or not. */
export async function changeAddress(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, isFresh } = await requireSession();
    const { email, current } = AddressForm.parse(Object.fromEntries(form));
    const address = typedAddress(email);
    const delivery = requireMail();
    const { origin: site, registration } = webEnv();
    const wish = { address, proof: { password: current, isFresh } };
    await askForNewAddress(webDatabase(), user.id, wish, { site, registration });
    refresh();
    const { t } = await pageLanguage();
    const sentence = delivery === 'outbox' ? 'address.in-outbox' : 'address.sent';
    return { status: 'done', sentence: t(sentence, { email: address.email, minutes: mailLinkMinutes }) };
  });
}

export async function keepAddress(): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    await cancelNewAddress(webDatabase(), user.id);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('address.cancelled') };
  });
}

export async function mailPasswordLink(): Promise<ActionAnswer> {
  return mailMyself('password');
}

/** Opened, it proves that the address takes mail. */
export async function mailSignInLink(): Promise<ActionAnswer> {
  return mailMyself('sign-in');
}

function mailMyself(wish: 'password' | 'sign-in'): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const form = new FormData();
    form.set('email', user.email);
    form.set('next', '/account');
    return mailLink(wish, form);
  });
}

export async function disconnect(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, isFresh } = await requireSession();
    const identity = IdentityForm.parse(Object.fromEntries(form));
    requireFresh(isFresh);
    const providers = signInProviders(webEnv());
    const providerName = providers.find(({ key }) => key === identity.provider)?.name ?? identity.provider;
    const named = { ...identity, providerName, site: webEnv().origin };
    const keys = providers.map(({ key }) => key);
    await disconnectIdentity(webDatabase(), user.id, named, keys);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('ways.disconnected', { provider: providerName }) };
  });
}

export async function endOneSession(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const { session } = SessionForm.parse(Object.fromEntries(form));
    await revokeSession(webDatabase(), user.id, session);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('auth.session-revoked') };
  });
}

export async function endOtherSessions(): Promise<ActionAnswer> {
  return refusable(async () => {
    const { id, user } = await requireSession();
    await revokeSessions(webDatabase(), user.id, id);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('auth.sessions-revoked') };
  });
}

export async function makeToken(_previous: unknown, form: FormData): Promise<TokenAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const { name, days } = TokenForm.parse(Object.fromEntries(form));
    const chosen = scopes.filter((scope) => form.get(scope) === 'on');
    if (chosen.length === 0) throw new RefusedError('token-scopes', 422);
    if (name === '' || [...name].length > 60) throw new RefusedError('token-name', 422);
    const token = { name, scopes: chosen, days: days === 'endless' ? null : Number(days) };
    const secret = await createApiToken(webDatabase(), user.id, token);
    refresh();
    return { status: 'done', secret };
  });
}

export async function revokeToken(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const { token } = RevokeForm.parse(Object.fromEntries(form));
    await revokeApiTokens(webDatabase(), user.id, token);
    refresh();
    return { status: 'done' };
  });
}

export async function eraseAccount(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, isFresh } = await requireSession();
    requireFresh(isFresh);
    const typed = parseEmailAddress(EraseForm.parse(Object.fromEntries(form)).email);
    if (typed?.key !== parseEmailAddress(user.email)?.key) throw new RefusedError('erase-not-confirmed', 422);
    await erasePerson(webDatabase(), user.id, user.id);
    await endSession();
    redirect('/');
  });
}

/** Whom an outside service may still remember on this computer is told so. */
export async function signOut(): Promise<void> {
  const user = await currentUser();
  const linked = user === null ? [] : await listIdentities(webDatabase(), user.id);
  const service = signInProviders(webEnv()).find(({ key }) => linked.some(({ provider }) => provider === key));
  await endSession();
  redirect(service === undefined ? '/' : `/sign-in?left=${service.id}`);
}
