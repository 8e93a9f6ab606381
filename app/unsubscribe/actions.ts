'use server';

import { z } from 'zod';
import { visitor } from '#lib/auth.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { stopMails } from '#lib/mail/stop-mails.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../language.ts';
import { refusable } from '../refusal.ts';

const StopForm = z.object({ token: z.string().max(200) });

export async function stop(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { token } = StopForm.parse(Object.fromEntries(form));
    const { network } = await visitor();
    const category = await stopMails(webDatabase(), webEnv().secret, { token, network });
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('mail.unsubscribe-done', { about: t(`mail.about-${category}`) }) };
  });
}
