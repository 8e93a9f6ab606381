'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { markTeam } from '#lib/db/eligibility.ts';
import { reopenCard } from '#lib/db/method-cards.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../refusal.ts';
import { actOf } from '../staff.ts';

const reason = z.string().trim().max(500);
const MarkForm = z.object({ team: z.uuid(), decision: z.enum(['ranked', 'unranked']), reason });
const ReopenForm = z.object({ team: z.uuid(), reopened: z.enum(['yes', 'no']), reason });

export async function decide(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { team: teamId, decision, reason } = MarkForm.parse(Object.fromEntries(form));
    const key = { competitionId: competition.id, teamId };
    await markTeam(webDatabase(), key, decision === 'ranked', actOf(user, reason));
    refresh();
    return { status: 'done' };
  });
}

export async function reopen(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { team: teamId, reopened, reason } = ReopenForm.parse(Object.fromEntries(form));
    const key = { competitionId: competition.id, teamId };
    await reopenCard(webDatabase(), key, reopened === 'yes', actOf(user, reason));
    refresh();
    return { status: 'done' };
  });
}
