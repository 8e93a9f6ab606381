'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { listBaselineModels } from '#lib/baseline-models.ts';
import { createBaselineRun } from '#lib/db/baseline-runs.ts';
import { findBaseline } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

const RunForm = z.object({
  model: z.string(),
  split: z.enum(['test', 'dev']),
  decoding: z.enum(['language-model', 'greedy']),
});

/** Asks the worker to run a model on a split, and to pin what it writes. */
export async function requestBaselineRun(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { model, split, decoding } = RunForm.parse(Object.fromEntries(form));
    const models = await listBaselineModels(webEnv().home);
    if (!models.some(({ name }) => name === model)) throw new RefusedError('baseline-model-gone', 409);
    const pinned = await findBaseline(webDatabase(), competition.id, 'test');
    const { t } = await pageLanguage();
    const name = pinned?.name ?? t('organise.baseline-default-name');
    const wanted = { competitionId: competition.id, split, model, decoding, name };
    await createBaselineRun(webDatabase(), wanted, user.id);
    refresh();
    return { status: 'done', sentence: t('organise.baseline-run-requested') };
  });
}
