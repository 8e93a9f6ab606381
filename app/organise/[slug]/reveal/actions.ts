'use server';

import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { phase } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { callReveal, restartReveal } from '#lib/db/reveals.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../refusal.ts';
import { saved } from '../saved.ts';

const ReasonForm = z.object({ reason: z.string().trim().max(500).default('') });
const SettingsForm = z.object({
  revealMode: z.enum(['at-once', 'staged']),
  revealByHelpers: z.literal('on').optional(),
});

export async function callRevealNow(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { reason } = ReasonForm.parse(Object.fromEntries(form));
    await callReveal(webDatabase(), competition.id, { actorId: user.id, reason });
    return saved();
  });
}

export async function restartRevealNow(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { reason } = ReasonForm.parse(Object.fromEntries(form));
    await restartReveal(webDatabase(), competition.id, { actorId: user.id, reason });
    return saved();
  });
}

export async function saveRevealSettings(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { revealMode, revealByHelpers } = SettingsForm.parse(Object.fromEntries(form));
    // Else a setting would open everything, which is what the button asks about.
    const isUnderWay = phase(competition, await readClock(webDatabase())) === 'revealing';
    if (isUnderWay && revealMode === 'at-once') throw new RefusedError('reveal-under-way', 409);
    const change = { revealMode, revealByHelpers: revealByHelpers === 'on' };
    await updateCompetition(webDatabase(), competition.id, change, { actorId: user.id });
    return saved();
  });
}
