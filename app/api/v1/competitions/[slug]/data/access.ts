import { requireCaller } from '#lib/auth.ts';
import { type Competition, isOpen, type Split, splits, windows } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { mayReadData } from '#lib/db/rule-acceptances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError, NotFoundError } from '#lib/errors.ts';

/** The right to a competition's recordings, with the splits that are released. */
export type DataAccess = { competition: Competition; released: readonly Split[] };

/** For who is signed in and accepted the rules as they stand, and for those who run the competition. */
export async function requireData(request: Request, slug: string): Promise<DataAccess> {
  const db = webDatabase();
  const user = await requireCaller(request, 'read');
  const competition = await getVisibleCompetition(db, slug, user);
  if (!(await mayReadData(db, competition, user))) throw new ForbiddenError('rules');
  const now = await readClock(db);
  return { competition, released: splits.filter((split) => isOpen(windows(competition)[split], now)) };
}

/** The split of that name, if there is one and it is released. */
export function releasedSplit({ competition, released }: DataAccess, name: string): Split {
  const split = splits.find((known) => known === name);
  if (split === undefined) throw new NotFoundError('split', name);
  if (!released.includes(split)) {
    const opensAt = windows(competition)[split].start.toISOString();
    throw new ForbiddenError('phase', { opensAt, timeZone: competition.timeZone });
  }
  return split;
}
