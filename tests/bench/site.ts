import type { Competition } from '#lib/competition.ts';
import type { Environment } from '#lib/settings.ts';
import { aCompetition, aTeam, aTestSplit, type TestUser } from '../builders.ts';
import { startTestCluster } from '../cluster.ts';
import { startTestSite, type TestSite } from '../site.ts';

/** Runs `use` on the built product with a database of its own. */
export async function withSite<T>(use: (site: TestSite) => Promise<T>, settings: Environment = {}): Promise<T> {
  const { cluster, stop } = await startTestCluster('durable');
  try {
    const site = await startTestSite(cluster, settings);
    try {
      return await use(site);
    } finally {
      await site.stop();
    }
  } finally {
    await stop();
  }
}

/** A competition with as many utterances, and somebody in a team who may upload as often as they like. */
export async function aBigContest(
  site: TestSite,
  count: number,
): Promise<{ competition: Competition; author: TestUser; texts: string[] }> {
  const words = ['раз', 'два', 'три', 'четыре', 'пять', 'шесть', 'семь', 'восемь', 'девять', 'десять'];
  const texts = Array.from({ length: count }, (_, i) =>
    Array.from({ length: 12 }, (_unused, k) => words[(i * 7 + k * 3 + (i >> 3)) % words.length]).join(' '),
  );
  const competition = await aTestSplit(
    site.owner,
    await aCompetition(site.owner, { slug: 'big', dailyQuota: 1000 }),
    texts.map((reference, i) => ({
      id: `u${String(i).padStart(6, '0')}`,
      reference,
      fold: i % 2 === 0 ? 'public' : 'private',
    })),
  );
  const { people } = await aTeam(site.owner, competition);
  return { competition, author: people[0]!, texts };
}
