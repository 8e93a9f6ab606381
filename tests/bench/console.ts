import { consolePages } from '../../app/organise/[slug]/console-pages.ts';
import { sessionCookie } from '../session.ts';
import type { TestSite } from '../site.ts';
import { aSeason, seasonSize } from './console-season.ts';
import { type Figure, median } from './measure.ts';
import { withSite } from './site.ts';

const rounds = 7;
const most = 300;

/** Answers of the scoring side that pages of the console are filled with. */
const deskPaths = [
  'labels',
  'labels?text=семь',
  'labels?only=changed',
  'labels?page=4000',
  'labels/state',
  'labels/history?id=u000017',
  'labels/audit',
  'labels/audit/questions',
  'labels/audit/questions?only=dismissed',
] as const;

/**
 * Every page of the console and every answer that fills one, in a competition of the size at which queries begin to matter: from the
 * request to the last byte, on the machine of the server.
 */
export async function organisersConsole(): Promise<Figure[]> {
  return withSite(async (site) => {
    const { organiser, slug, teamId } = await aSeason(site);
    const headers = { ...(await sessionCookie(site, site.owner, organiser.id)), 'Accept-Language': 'ru' };
    const root = `/organise/${slug}`;
    const pages = [...consolePages.map(({ path }) => path), `/teams/${teamId}`, '/labels/audit'];
    const figures: Figure[] = [];
    for (const path of [...pages, ...deskPaths.map((desk) => `/desk/${desk}`)]) {
      const what = path.replace(teamId, '[id]') || '(overview)';
      figures.push({ what, value: await millisecondsOf(site, root + path, headers), unit: 'ms', most });
    }
    const { utterances, submissions } = seasonSize;
    const slowest = figures.reduce((a, b) => (b.value > a.value ? b : a));
    const size = `${utterances.toLocaleString('en')} utterances, ${submissions.toLocaleString('en')} files`;
    return [...figures, { ...slowest, what: `slowest of all (${size}): ${slowest.what}` }];
  });
}

async function millisecondsOf(site: TestSite, path: string, headers: Record<string, string>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const begun = performance.now();
    const response = await fetch(site.origin + path, { headers });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    // The first one also loads the page's code.
    if (round > 0) times.push(performance.now() - begun);
  }
  return median(times);
}
