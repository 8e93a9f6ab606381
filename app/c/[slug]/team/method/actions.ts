'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { saveCard } from '#lib/db/method-cards.ts';
import { webDatabase } from '#lib/db/web.ts';
import { readCard } from '#lib/method-card.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../language.ts';
import { refusable } from '../../../../refusal.ts';

const typed = z.string().max(100_000);
const CardForm = z.object({
  model: typed,
  data: typed,
  externalServices: typed,
  codeLink: typed,
  codeCommit: typed,
});

export async function saveMethodCard(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const card = readCard(CardForm.parse(Object.fromEntries(form)));
    await saveCard(webDatabase(), competition.id, user.id, card);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('eligibility.card-saved') };
  });
}
