'use server';

import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { readClock } from '#lib/db/client.ts';
import { competitionDefaults, createCompetition } from '#lib/db/competitions.ts';
import { retryMails } from '#lib/db/mails.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError, RefusedError } from '#lib/errors.ts';
import { fromLocalInput, isTimeZone } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../language.ts';
import { refusable } from '../refusal.ts';

const line = (most: number) => z.string().trim().max(most);
const CreateForm = z.object({
  slug: line(60),
  nameRu: line(120),
  nameEn: line(120),
  timeZone: line(60),
  submissionsStartAt: line(20),
  submissionsEndAt: line(20),
});

/** Administrators create; the creator is the first organiser. */
export async function create(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    if (!user.isAdministrator) throw new ForbiddenError();
    const { slug, nameRu, nameEn, timeZone, ...typed } = CreateForm.parse(Object.fromEntries(form));
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length < 2) throw new RefusedError('slug-invalid', 422);
    if (!isTimeZone(timeZone)) throw new RefusedError('time-zone-unknown', 422);
    const { t } = await pageLanguage();
    const submissionsStartAt = instant(typed.submissionsStartAt, timeZone, t('organise.submissions-start'));
    const submissionsEndAt = instant(typed.submissionsEndAt, timeZone, t('organise.submissions-end'));
    const names = { nameRu: nameRu || nameEn || slug, nameEn: nameEn || nameRu || slug };
    const given = { ...names, timeZone, submissionsStartAt, submissionsEndAt };
    const now = await readClock(webDatabase());
    await createCompetition(webDatabase(), competitionDefaults(slug, given, now), { actorId: user.id });
    redirect(`/organise/${slug}`);
  });
}

/** Has every mail of the installation tried at once that waits or was given up. */
export async function retryAllMails(): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    if (!user.isAdministrator) throw new ForbiddenError();
    const count = await retryMails(webDatabase());
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('mail.state-retried', { count }) };
  });
}

function instant(typed: string, timeZone: string, field: string): Date {
  const read = fromLocalInput(typed, timeZone);
  if (read === null) throw new RefusedError('instant-invalid', 422, { field });
  return read;
}
