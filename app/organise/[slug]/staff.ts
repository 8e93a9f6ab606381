import { notFound } from 'next/navigation';
import { cache } from 'react';
import { requireStaff, type Staff } from '#lib/auth.ts';
import { readClock } from '#lib/db/client.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError } from '#lib/errors.ts';
import { type PageLanguage, pageLanguage } from '../../language.ts';
import type { Desk } from './desk.ts';

/** An organiser or an assistant at the console, with what every page of it needs. */
export type StaffDesk = Desk & PageLanguage & Staff;

/** Once per request; the 404 page for everybody who has no part in the competition. */
export const staff = cache(async (slug: string): Promise<StaffDesk> => {
  const member = await requireStaff(slug).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  const language = await pageLanguage();
  const { timeZone } = member.competition;
  const print = (instant: Date) => language.formats.shortInstant(instant, timeZone);
  return { ...language, ...member, slug, print, now: await readClock(webDatabase()) };
});

/** The signature under an act: who, why, and the site that links in mails lead to. */
export function actOf(user: { id: string }, reason = '') {
  return { actorId: user.id, reason: reason.trim(), site: webEnv().origin };
}
