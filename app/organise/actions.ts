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
import { fromLocalInput } from '#lib/time.ts';
import { profileNames } from '#scoring/wer/normalise.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../language.ts';
import { line, placeOf, placeShape } from '../place-form.ts';
import { refusable } from '../refusal.ts';

const CreateForm = z.object({
  ...placeShape,
  submissionsStartAt: line(20),
  submissionsEndAt: line(20),
  profile: z.enum(profileNames),
});

/** Administrators create; the creator is the first organiser. */
export async function create(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    if (!user.isAdministrator) throw new ForbiddenError();
    const typed = CreateForm.parse(Object.fromEntries(form));
    const { slug, timeZone, ...names } = placeOf(typed);
    const { t } = await pageLanguage();
    const submissionsStartAt = instant(typed.submissionsStartAt, timeZone, t('organise.submissions-start'));
    const submissionsEndAt = instant(typed.submissionsEndAt, timeZone, t('organise.submissions-end'));
    const given = { ...names, timeZone, submissionsStartAt, submissionsEndAt, profile: typed.profile };
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
