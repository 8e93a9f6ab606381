'use server';

import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { readMoves } from '#lib/timeline.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { saved } from '../saved.ts';

export async function saveTimeline(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { t } = await pageLanguage();
    const { reason = '', ...typed } = z.record(z.string(), z.string().max(1000)).parse(Object.fromEntries(form));
    const moves = readMoves(competition, typed, reason, (boundary) => t(`organise.field-${boundary}`));
    await updateCompetition(webDatabase(), competition.id, moves, { actorId: user.id, reason: reason.trim() });
    return saved();
  });
}
