'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { manifestFormats } from '#lib/datasets/manifest.ts';
import { createImport } from '#lib/db/imports.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { resolveImportPath } from '#lib/import-path.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

const optionalText = z
  .string()
  .trim()
  .max(100)
  .transform((text) => text || undefined);
const ImportForm = z.object({
  path: z.string().max(1000),
  format: z.enum(manifestFormats).or(z.literal('').transform(() => undefined)),
  split: z.enum(['train', 'dev', 'test']).or(z.literal('').transform(() => undefined)),
  speakerKey: optionalText,
  groupKey: optionalText,
});

export async function requestImport(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { path: typed, ...options } = ImportForm.parse(Object.fromEntries(form));
    const path = resolveImportPath(webEnv().importFolder, typed);
    if (path === null) throw new RefusedError('import-outside', 422);
    const wanted = { competitionId: competition.id, path, options };
    await createImport(webDatabase(), wanted, user.id);
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('organise.import-requested') };
  });
}
