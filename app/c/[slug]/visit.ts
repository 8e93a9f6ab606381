import { notFound } from 'next/navigation';
import { cache } from 'react';
import { currentUser, type User } from '#lib/auth.ts';
import type { Competition } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { type PageLanguage, pageLanguage } from '../../language.ts';

/** Who looks at which competition, when by the rules' clock, in which language. */
export type Visit = PageLanguage & { slug: string; competition: Competition; user: User | null; now: Date };

/** What every page of a competition begins with; once per request. Ends in the 404 page where there is nothing to see. */
export const visit = cache(async (slug: string): Promise<Visit> => {
  const db = webDatabase();
  const user = await currentUser();
  const competition = await getVisibleCompetition(db, slug, user).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  return { ...(await pageLanguage()), slug, competition, user, now: await readClock(db) };
});
