'use server';

import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../refusal.ts';
import { mailLink } from '../sign-in/mail-link.ts';

export async function signUp(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(() => mailLink('sign-up', form));
}
