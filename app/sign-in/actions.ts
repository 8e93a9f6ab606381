'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { startSession, visitor } from '#lib/auth.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { findUserByPassword } from '#lib/identity/passwords.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../refusal.ts';
import { mailLink, typedAddress } from './mail-link.ts';
import { wayBack } from './way-back.ts';

const SignInForm = z.object({
  email: z.string(),
  password: z.string(),
  next: z.string(),
  by: z.enum(['password', 'link']),
});

export async function signIn(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { email, password, next, by } = SignInForm.parse(Object.fromEntries(form));
    if (by === 'link') return mailLink('sign-in', form);
    const { network } = await visitor();
    const user = await findUserByPassword(webDatabase(), { address: typedAddress(email), password, network });
    if (user === null) throw new RefusedError('wrong-password', 401);
    await startSession(user);
    redirect(wayBack(next));
  });
}
