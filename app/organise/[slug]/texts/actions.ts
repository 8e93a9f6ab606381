'use server';

import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import type { Competition } from '#lib/competition.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ownEdits } from '#lib/seen.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../refusal.ts';
import { saved } from '../saved.ts';
import { shownTexts } from './shown-texts.ts';

const longText = z.string().max(100_000);
/** Browsers send CRLF in text areas; a text that nobody touched must compare equal. */
const unixLines = longText.transform((text) => text.replaceAll('\r\n', '\n'));
const TextsForm = z.object({
  seen: z.string().max(2000).default(''),
  nameRu: z.string().trim().min(1).max(120),
  nameEn: z.string().trim().min(1).max(120),
  briefRu: unixLines,
  briefEn: unixLines,
  rulesRu: unixLines,
  rulesEn: unixLines,
  licence: z.string().trim().max(500),
  attribution: z
    .string()
    .max(2000)
    .transform((text) => text.replaceAll('\r\n', '\n').trim()),
});

export async function saveTexts(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { seen, ...typed } = TextsForm.parse(Object.fromEntries(form));
    const texts = (before: Competition) => ownEdits(typed, { seen, now: shownTexts(before) });
    await updateCompetition(webDatabase(), competition.id, texts, { actorId: user.id });
    return saved();
  });
}
