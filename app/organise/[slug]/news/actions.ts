'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { editAnnouncement, publishAnnouncement, withdrawAnnouncement } from '#lib/db/announcements.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { actOf } from '../staff.ts';

const title = z.string().max(200);
const body = z
  .string()
  .max(40_000)
  .transform((text) => text.replaceAll('\r\n', '\n').trim().slice(0, 20_000));
const TextForm = z.object({ titleRu: title, titleEn: title, bodyRu: body, bodyEn: body });
const NewForm = TextForm.extend({ byMail: z.literal('on').optional() });
const EditForm = TextForm.extend({ announcement: z.uuid(), edition: z.coerce.number().int() });
const WithdrawForm = z.object({ announcement: z.uuid(), reason: z.string().max(500) });

export async function publishNews(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { byMail, ...text } = NewForm.parse(Object.fromEntries(form));
    await publishAnnouncement(webDatabase(), competition, { ...text, byMail: byMail === 'on' }, actOf(user));
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('news.published') };
  });
}

export async function editNews(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { announcement: id, edition, ...text } = EditForm.parse(Object.fromEntries(form));
    await editAnnouncement(webDatabase(), { competitionId: competition.id, id, edition }, text, actOf(user));
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('news.saved') };
  });
}

export async function withdrawNews(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { announcement: id, reason } = WithdrawForm.parse(Object.fromEntries(form));
    await withdrawAnnouncement(webDatabase(), { competitionId: competition.id, id }, actOf(user, reason));
    refresh();
    return { status: 'done' };
  });
}
