'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireStaff } from '#lib/auth.ts';
import { answerQuestion } from '#lib/db/questions.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { actOf } from '../staff.ts';

const AnswerForm = z.object({
  question: z.uuid(),
  /** When the answer that the writer saw was given; empty for none. */
  seen: z.iso.datetime().or(z.literal('')),
  answer: z.string().max(100_000),
  toAll: z.literal('on').optional(),
  publicBody: z.string().max(100_000),
});

export async function reply(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireStaff(slug);
    const { question: id, seen, answer, toAll, publicBody } = AnswerForm.parse(Object.fromEntries(form));
    const which = { id, seen: seen === '' ? null : new Date(seen) };
    const written = { answer, publicBody: toAll === 'on' ? publicBody : null };
    await answerQuestion(webDatabase(), competition, which, written, actOf(user));
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('questions.replied') };
  });
}
