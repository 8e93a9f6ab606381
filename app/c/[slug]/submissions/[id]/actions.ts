'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { setVoided } from '#lib/db/voiding.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { actOf } from '../../../../organise/[slug]/staff.ts';
import { refusable } from '../../../../refusal.ts';

const VoidForm = z.object({
  submission: z.uuid(),
  counts: z.enum(['yes', 'no']),
  reason: z.string().trim().max(500),
});

/** Takes a file out of the count, or back into it. */
export async function decideCounting(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { submission: submissionId, counts, reason } = VoidForm.parse(Object.fromEntries(form));
    const key = { competitionId: competition.id, submissionId };
    await setVoided(webDatabase(), key, counts === 'no', actOf(user, reason));
    refresh();
    return { status: 'done' };
  });
}
