'use server';

import { redirect } from 'next/navigation';
import { requireUser, visitor } from '#lib/auth.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { acceptInvite } from '#lib/db/invites.ts';
import { webDatabase } from '#lib/db/web.ts';
import { refusingGuesses } from '#lib/identity/limits.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../refusal.ts';

export async function join(token: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const { network } = await visitor();
    const team = await refusingGuesses(webDatabase(), network, () => acceptInvite(webDatabase(), token, user.id));
    const competition = await getCompetitionById(webDatabase(), team.competitionId);
    redirect(`/c/${competition.slug}/team`);
  });
}
