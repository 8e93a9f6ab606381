'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { askQuestion } from '#lib/db/questions.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

const QuestionForm = z.object({ body: z.string().max(100_000) });

export async function ask(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { body } = QuestionForm.parse(Object.fromEntries(form));
    await askQuestion(webDatabase(), competition.id, user.id, body);
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('questions.sent', { email: user.email }) };
  });
}
