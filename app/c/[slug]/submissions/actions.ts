'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { pickFinal } from '#lib/db/finals.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../refusal.ts';

const PickForm = z.object({ submission: z.uuid(), final: z.enum(['yes', 'no']) });

export async function chooseFinal(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { submission: submissionId, final } = PickForm.parse(Object.fromEntries(form));
    await pickFinal(webDatabase(), competition.id, user.id, { submissionId, isPicked: final === 'yes' });
    refresh();
    return { status: 'done' };
  });
}
