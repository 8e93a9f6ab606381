'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { isOpen, windows } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { flagLabel } from '#lib/db/label-flags.ts';
import { mayReadData } from '#lib/db/rule-acceptances.ts';
import { getTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

const FlagForm = z.object({ id: z.string().max(1000), note: z.string().max(10_000) });

export async function report(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const db = webDatabase();
    const user = await requireUser();
    const competition = await getVisibleCompetition(db, slug, user);
    const team = await getTeamOf(db, competition.id, user.id);
    const { id: utteranceId, note } = FlagForm.parse(Object.fromEntries(form));
    const isReleased = isOpen(windows(competition).test, await readClock(db));
    if (!isReleased || !(await mayReadData(db, competition, user))) throw new ForbiddenError('rules');
    await flagLabel(db, team, { utteranceId, note }, user.id);
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('audit.flag-sent', { id: utteranceId }) };
  });
}
