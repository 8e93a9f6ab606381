'use server';

import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import type { Competition } from '#lib/competition.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ownEdits } from '#lib/seen.ts';
import { profileNames } from '#scoring/wer/normalise.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../refusal.ts';
import { saved } from '../saved.ts';
import { shownLimits } from './shown-limits.ts';

const LimitsForm = z.object({
  teamSize: z.coerce.number().int().min(1).max(50),
  dailyQuota: z.coerce.number().int().min(1).max(1000),
  policy: z.enum(['open', 'ladder']),
  profile: z.enum(profileNames).optional(),
  publicFoldPercent: z.coerce.number().int().min(1).max(99).optional(),
});

export async function saveLimits(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { seen = '', ...typed } = z.record(z.string(), z.string().max(2000)).parse(Object.fromEntries(form));
    const limits = (before: Competition) => LimitsForm.parse(ownEdits(typed, { seen, now: shownLimits(before) }));
    await updateCompetition(webDatabase(), competition.id, limits, { actorId: user.id });
    return saved();
  });
}
