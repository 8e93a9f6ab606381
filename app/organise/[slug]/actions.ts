'use server';

import { requireOrganiser } from '#lib/auth.ts';
import { readClock } from '#lib/db/client.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../refusal.ts';
import { saved } from './saved.ts';

export async function publish(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    if (competition.publishedAt !== null) throw new RefusedError('already-published', 409);
    const publishedAt = await readClock(webDatabase());
    await updateCompetition(webDatabase(), competition.id, { publishedAt }, { actorId: user.id });
    return saved();
  });
}
