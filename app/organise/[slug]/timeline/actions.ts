'use server';

import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import type { Competition } from '#lib/competition.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ownEdits } from '#lib/seen.ts';
import { readMoves, shownTimeline } from '#lib/timeline.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { saved } from '../saved.ts';

export async function saveTimeline(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { t } = await pageLanguage();
    const fields = z.record(z.string(), z.string().max(2000)).parse(Object.fromEntries(form));
    const { reason = '', seen = '', ...typed } = fields;
    const moves = (before: Competition) => {
      const own = ownEdits(typed, { seen, now: shownTimeline(before) });
      return readMoves(before, own, reason, (boundary) => t(`organise.field-${boundary}`));
    };
    await updateCompetition(webDatabase(), competition.id, moves, { actorId: user.id, reason: reason.trim() });
    return saved();
  });
}
