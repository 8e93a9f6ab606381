'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { manifestFormats } from '#lib/datasets/manifest.ts';
import { readClock } from '#lib/db/client.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { createImport } from '#lib/db/imports.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { resolveImportPath } from '#lib/import-path.ts';
import { readMoves } from '#lib/timeline.ts';
import { profileNames } from '#scoring/wer/normalise.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../language.ts';
import { refusable } from '../../refusal.ts';

const longText = z.string().max(100_000);
/** Browsers send CRLF in text areas; a text that nobody touched must compare equal. */
const unixLines = longText.transform((text) => text.replaceAll('\r\n', '\n'));
const TextsForm = z.object({
  nameRu: z.string().trim().min(1).max(120),
  nameEn: z.string().trim().min(1).max(120),
  briefRu: unixLines,
  briefEn: unixLines,
  rulesRu: unixLines,
  rulesEn: unixLines,
  licence: z.string().trim().max(500),
  attribution: z
    .string()
    .max(2000)
    .transform((text) => text.replaceAll('\r\n', '\n').trim()),
});
const LimitsForm = z.object({
  teamSize: z.coerce.number().int().min(1).max(50),
  dailyQuota: z.coerce.number().int().min(1).max(1000),
  profile: z.enum(profileNames).optional(),
  publicFoldPercent: z.coerce.number().int().min(1).max(99).optional(),
});
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

export async function saveTexts(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const texts = TextsForm.parse(Object.fromEntries(form));
    await updateCompetition(webDatabase(), competition.id, texts, { actorId: user.id });
    return saved();
  });
}

export async function saveTimeline(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { t } = await pageLanguage();
    const { reason = '', ...typed } = z.record(z.string(), z.string().max(1000)).parse(Object.fromEntries(form));
    const moves = readMoves(competition, typed, reason, (boundary) => t(`organise.field-${boundary}`));
    await updateCompetition(webDatabase(), competition.id, moves, { actorId: user.id, reason: reason.trim() });
    return saved();
  });
}

export async function saveLimits(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { teamSize, dailyQuota, profile, publicFoldPercent: fold } = LimitsForm.parse(Object.fromEntries(form));
    const limits = {
      teamSize,
      dailyQuota,
      profile: profile ?? competition.profile,
      publicFoldPercent: fold ?? competition.publicFoldPercent,
    };
    await updateCompetition(webDatabase(), competition.id, limits, { actorId: user.id });
    return saved();
  });
}

export async function publish(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    if (competition.publishedAt !== null) throw new RefusedError('already-published', 409);
    const publishedAt = await readClock(webDatabase());
    await updateCompetition(webDatabase(), competition.id, { publishedAt }, { actorId: user.id });
    return saved();
  });
}

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

async function saved(): Promise<ActionAnswer> {
  refresh();
  return { status: 'done', sentence: (await pageLanguage()).t('organise.saved') };
}
