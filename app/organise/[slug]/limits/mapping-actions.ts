'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import type { Competition } from '#lib/competition.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { listDevReferences } from '#lib/db/labels.ts';
import { webDatabase } from '#lib/db/web.ts';
import { readMapping } from '#lib/mapping.ts';
import { sentenceOf } from '#lib/problems.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import type { ShownProblem } from '#ui/problems.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { type MappingPreview, previewMapping } from './mapping-preview.ts';

export type MappingAnswer =
  | ActionAnswer
  | { status: 'broken'; problems: readonly ShownProblem[]; count: number }
  | { status: 'preview'; preview: MappingPreview };

const reason = z.string().trim().max(1000);
const MappingForm = z.object({ file: z.instanceof(File), reason, intent: z.enum(['preview', 'save']) });
const RemovalForm = z.object({ reason });

/** Reads the mapping in the form's file, and shows what it does or puts it in force. */
export async function bringMapping(slug: string, _previous: unknown, form: FormData): Promise<MappingAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { file, reason, intent } = MappingForm.parse(Object.fromEntries(form));
    const { t } = await pageLanguage();
    if (file.size === 0) return { status: 'refused', sentence: t('organise.mapping-choose') };
    const read = readMapping(new Uint8Array(await file.arrayBuffer()));
    if (!read.ok) {
      const problems = read.problems.map((problem) => ({ ...problem, sentence: sentenceOf(problem, t) }));
      return { status: 'broken', problems, count: read.total };
    }
    if (intent === 'preview') return { status: 'preview', preview: await previewFor(competition, read.mapping) };
    await updateCompetition(webDatabase(), competition.id, { mapping: read.mapping }, { actorId: user.id, reason });
    refresh();
    return { status: 'done', sentence: t('organise.mapping-saved') };
  });
}

export async function removeMapping(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { reason } = RemovalForm.parse(Object.fromEntries(form));
    await updateCompetition(webDatabase(), competition.id, { mapping: null }, { actorId: user.id, reason });
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('organise.mapping-removed') };
  });
}

async function previewFor({ id, profile }: Competition, mapping: Parameters<typeof previewMapping>[0]) {
  if (!isProfileName(profile)) throw new Error(`competition ${id} has an unknown profile "${profile}"`);
  return previewMapping(mapping, profile, await listDevReferences(webDatabase(), id));
}
