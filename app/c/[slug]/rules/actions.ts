'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { localPath } from '#lib/identity/local-path.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../refusal.ts';

const AcceptForm = z.object({ version: z.coerce.number().int(), next: z.string().max(500).optional() });

export async function accept(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { version, next } = AcceptForm.parse(Object.fromEntries(form));
    await acceptRules(webDatabase(), competition.id, user.id, version);
    redirect(localPath(next, `/c/${slug}/rules`));
  });
}
