import { notFound } from 'next/navigation';
import { cache } from 'react';
import { type Organiser, requireOrganiser } from '#lib/auth.ts';
import { readClock } from '#lib/db/client.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { type PageLanguage, pageLanguage } from '../../language.ts';

/** An organiser at their competition, with what every section of the page needs. */
export type Desk = PageLanguage & Organiser & { slug: string; now: Date; print: (instant: Date) => string };

/** Once per request; the 404 page for everybody who does not organise it. */
export const desk = cache(async (slug: string): Promise<Desk> => {
  const organiser = await requireOrganiser(slug).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  const language = await pageLanguage();
  const { timeZone } = organiser.competition;
  const print = (instant: Date) => language.formats.shortInstant(instant, timeZone);
  return { ...language, ...organiser, slug, print, now: await readClock(webDatabase()) };
});
