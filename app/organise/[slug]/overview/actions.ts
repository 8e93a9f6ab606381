'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { retryMails } from '#lib/db/mails.ts';
import { retrySubmissions } from '#lib/db/retries.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

const RetryForm = z.object({ which: z.literal('all').or(z.uuid()) });

/** Sends one file that could not be scored back into the queue, or all of them. Pressed twice, it has been done once. */
export async function retry(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { which } = RetryForm.parse(Object.fromEntries(form));
    const files = which === 'all' ? which : { id: which };
    const count = await retrySubmissions(webDatabase(), competition.id, files, { actorId: user.id });
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('console.retried', { count }) };
  });
}

/** Has the mails of this competition tried at once that wait or were given up. */
export async function retryMail(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const { competition } = await requireOrganiser(slug);
    const count = await retryMails(webDatabase(), competition.id);
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('mail.state-retried', { count }) };
  });
}
