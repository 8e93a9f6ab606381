'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { currentUser, endSession } from '#lib/auth.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { confirmFirstAdministrator, confirmSignIn, confirmSignUp } from '#lib/identity/links.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { confirmNewAddress, recoverAccount } from '#lib/identity/new-address.ts';
import type { ChosenPassword } from '#lib/identity/password-hash.ts';
import { resetPassword } from '#lib/identity/passwords.ts';
import { personName } from '#lib/identity/person-name.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../language.ts';
import { refusable } from '../refusal.ts';
import { typedAddress } from '../sign-in/mail-link.ts';
import { wayBack } from '../sign-in/way-back.ts';
import { arrive } from './arrival.ts';

const LinkForm = z.object({ token: z.string().max(100), next: z.string(), connect: z.literal('on').optional() });
const SignUpForm = LinkForm.extend({ name: z.string(), password: z.string() });
const PasswordForm = LinkForm.extend({ password: z.string(), all: z.literal('on').optional() });
const AdministratorForm = LinkForm.extend({ email: z.string(), name: z.string(), password: z.string() });

export async function finishSignUp(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { token, next, connect, ...typed } = SignUpForm.parse(Object.fromEntries(form));
    const person = { name: typedName(typed.name), chosen: chosen(typed.password) };
    await arrive(connect === 'on', (arrival) => confirmSignUp(webDatabase(), token, person, arrival));
    redirect(wayBack(next));
  });
}

export async function finishSignIn(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { token, next, connect } = LinkForm.parse(Object.fromEntries(form));
    await arrive(connect === 'on', (arrival) => confirmSignIn(webDatabase(), token, arrival));
    redirect(wayBack(next));
  });
}

export async function finishReset(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { token, next, password, all } = PasswordForm.parse(Object.fromEntries(form));
    const change = { chosen: chosen(password), closesAll: all === 'on', site: webEnv().origin };
    await arrive(false, () => resetPassword(webDatabase(), token, change));
    redirect(wayBack(next));
  });
}

/** For whoever is signed in to the account. */
export async function finishNewAddress(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await currentUser();
    const { token } = LinkForm.parse(Object.fromEntries(form));
    if (user === null) throw new RefusedError('unauthenticated', 401);
    const site = webEnv().origin;
    await arrive(false, ({ registration }) => confirmNewAddress(webDatabase(), token, user.id, { site, registration }));
    redirect('/account?address=changed');
  });
}

/** Out of this account and, at the door, into the one that asked for the link; then the link opens again. */
export async function signInToOther(form: FormData): Promise<void> {
  const { token } = LinkForm.pick({ token: true }).parse(Object.fromEntries(form));
  await endSession();
  redirect(withNext('/sign-in', `/confirm?token=${encodeURIComponent(token)}`));
}

export async function finishRecovery(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { token, password, all } = PasswordForm.parse(Object.fromEntries(form));
    const change = { chosen: chosen(password), closesAll: all === 'on', site: webEnv().origin };
    await arrive(false, () => recoverAccount(webDatabase(), token, change));
    redirect('/account?address=recovered');
  });
}

/** For somebody who has no account yet. */
export async function becomeAdministrator(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { token, email, name, password } = AdministratorForm.parse(Object.fromEntries(form));
    const { language } = await pageLanguage();
    const person = { address: typedAddress(email), name: typedName(name), chosen: chosen(password), language };
    await arrive(false, () => confirmFirstAdministrator(webDatabase(), token, person));
    redirect('/');
  });
}

/** For whoever is signed in. */
export async function promoteMe(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await currentUser();
    const { token } = LinkForm.parse(Object.fromEntries(form));
    if (user === null) throw new RefusedError('unauthenticated', 401);
    await arrive(false, () => confirmFirstAdministrator(webDatabase(), token, user));
    redirect('/');
  });
}

function chosen(password: string): ChosenPassword {
  return { password, leaks: webEnv().leaks };
}

function typedName(name: string): string {
  const checked = personName(name);
  if (checked === null) throw new RefusedError('person-name', 422);
  return checked;
}
