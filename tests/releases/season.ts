import { recordFailure } from '#lib/db/scoring.ts';
import { aTeam, hoursFromNow } from '../builders.ts';
import { aContest, claimOf, scoreAll, send } from '../contest.ts';
import type { TestDatabase } from '../db.ts';

/**
 * Some weeks of a competition that shows every number and of one with a ladder, through the functions that people's acts go through:
 * files that were scored, one that failed, one that came too late, and one that still waits. It asks for nothing that early versions
 * do not have, so that it can be run on them as well.
 */
export async function aSeason(db: Pick<TestDatabase, 'owner' | 'web' | 'scorer'>): Promise<void> {
  const all = db as TestDatabase;
  const spring = await aContest(all, { slug: 'spring', nameRu: 'Весна', nameEn: 'Spring', dailyQuota: 20 });
  const { competition } = spring;
  const others = [];
  for (const name of ['Шум и ярость', 'O\'Reilly \\ \t "&" <b>']) {
    others.push({ competition, author: (await aTeam(db.owner, competition, { name })).people[0]! });
  }
  const ladder = await aContest(all, { slug: 'ladder', nameRu: 'Лесенка', nameEn: 'Ladder', policy: 'ladder' });
  const failing = await send(all, spring, 24);
  await recordFailure(db.scorer, await claimOf(all, failing.id), 'limits');
  for (const wrong of [9, 5, 2]) {
    await send(all, spring, wrong);
    for (const [i, other] of others.entries()) await send(all, other, wrong + 3 * (i + 1));
    await send(all, ladder, wrong);
    await scoreAll(all);
  }
  await send(all, others[0]!, 1, { receivedAt: hoursFromNow(24 * 30) });
  await send(all, others[1]!, 1);
}
