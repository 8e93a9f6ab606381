import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { grantRole } from '#lib/db/competitions.ts';
import { readBudgets } from '../../bin/test/page-weight.mjs';
import { aCompetition, aTeam, aTestSplit } from '../builders.ts';
import { sessionCookie } from '../session.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import { type Figure, median } from './measure.ts';
import { withSite } from './site.ts';

const rounds = 9;
const paths = [
  '/',
  '/c/pages',
  '/c/pages/board',
  '/c/pages/data',
  '/c/pages/rules',
  '/c/pages/submit',
  '/c/pages/quick-start',
  '/account',
  '/docs',
  '/docs/teams/scoring',
  '/organise/pages',
];

/**
 * When a page is first seen in Chromium, with nothing kept from before, beside a page of plain text of the same size that a server
 * without anything else gives out: what the product adds to what this machine needs for any page.
 */
export async function pages(): Promise<Figure[]> {
  const { firstPaint } = readBudgets(join(import.meta.dirname, '../..'));
  return withSite(async (site) => {
    const competition = await aTestSplit(site.owner, await aCompetition(site.owner, { slug: 'pages' }));
    await publishSnapshot(site.owner, competition.id, aSnapshotOf(40, 0));
    const { people } = await aTeam(site.owner, competition);
    const person = people[0]!;
    await grantRole(site.owner, competition.id, person.id, 'organiser', { actorId: null });
    const { Cookie } = await sessionCookie(site, site.owner, person.id);
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch(existsSync(executablePath) ? { executablePath } : {});
    const plain = await plainPages();
    try {
      const figures: Figure[] = [];
      for (const path of paths) {
        const body = await (await fetch(site.origin + path, { headers: { Cookie } })).text();
        const own: number[] = [];
        const others: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          own.push(await firstSeen(browser, site.origin + path, Cookie));
          others.push(await firstSeen(browser, plain.address(Buffer.byteLength(body)), ''));
        }
        figures.push(
          { what: `${path}: first contentful paint, median of ${rounds}`, value: median(own), unit: 'ms' },
          {
            what: `${path}: times that of plain text as large`,
            value: median(own) / median(others),
            unit: '×',
            most: firstPaint.timesStaticPage,
          },
        );
      }
      return figures;
    } finally {
      await browser.close();
      plain.close();
    }
  });
}

/** Milliseconds from the start of the navigation, in a context that has seen nothing yet. */
async function firstSeen(browser: Browser, address: string, cookie: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const [name = '', value = ''] = cookie.split('=');
  if (name !== '') await context.addCookies([{ name, value, url: address }]);
  const page = await context.newPage();
  await page.goto(address);
  const seen = await page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        new PerformanceObserver((list) => {
          const paint = list.getEntriesByName('first-contentful-paint')[0];
          if (paint !== undefined) resolve(paint.startTime);
        }).observe({ type: 'paint', buffered: true }),
      ),
  );
  await context.close();
  return seen;
}

/** Pages of so many bytes of paragraphs, from memory. */
async function plainPages() {
  const server = createServer((request, response) => {
    const bytes = Number(request.url?.slice(1));
    const paragraph = '<p>Как только запись распознана, слова сравниваются с эталоном.</p>';
    const text = paragraph.repeat(Math.ceil(bytes / Buffer.byteLength(paragraph)));
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="ru"><title>plain</title>${text}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: (bytes: number) => `http://127.0.0.1:${port}/${bytes}`, close: () => server.close() };
}
