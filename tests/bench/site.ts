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

/** So many texts of twelve words, none like the next. */
export function textsOf(count: number): string[] {
  const words = ['раз', 'два', 'три', 'четыре', 'пять', 'шесть', 'семь', 'восемь', 'девять', 'десять'];
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: 12 }, (_unused, k) => words[(i * 7 + k * 3 + (i >> 3)) % words.length]).join(' '),
  );
}

/** A test split of these texts, every second one public; many uploads a day. */
export async function aCompetitionOf(site: TestSite, texts: readonly string[]): Promise<Competition> {
  return aTestSplit(
    site.owner,
    await aCompetition(site.owner, { slug: 'big', dailyQuota: 1000 }),
    texts.map((reference, i) => ({ id: idOf(i), reference, fold: i % 2 === 0 ? 'public' : 'private' })),
  );
}

export function idOf(i: number): string {
  return `u${String(i).padStart(6, '0')}`;
}

/** A competition with as many utterances, and somebody in a team who may upload as often as they like. */
export async function aBigContest(
  site: TestSite,
  count: number,
): Promise<{ competition: Competition; author: TestUser; texts: string[] }> {
  const texts = textsOf(count);
  const competition = await aCompetitionOf(site, texts);
  const { people } = await aTeam(site.owner, competition);
  return { competition, author: people[0]!, texts };
}
