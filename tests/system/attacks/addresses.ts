import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { languages } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';
import { unreadableStates } from '../../router-states.ts';
import { rawRequest } from '../../site.ts';
import { visibleText } from '../../visible-text.ts';
import { type Attacked, askAs, follow, forEach } from './attacked.ts';

/*
 * Addresses and headers by which others got past the checks of a framework, or at its files.
 */

const notOurs = [
  '/.git/config',
  '/.git/HEAD',
  '/.env',
  '/package.json',
  '/package-lock.json',
  '/server.js.map',
  '/migrations/',
  '/public/',
  '/public/toolkit/rostrum.py',
  '/toolkit/',
  '/docs/images/',
  '/_next/',
  '/_next/static/',
  '/_next/static/chunks/',
  '/_next/image?url=%2Ficon.svg&w=64&q=75',
  '/_next/image?url=http%3A%2F%2F127.0.0.1%2Fhealthz&w=64&q=75',
  '/_next/data/build/organise/open.json',
  '/.rostrum/secrets.json',
  '/dist/worker.mjs',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/docs/images/..%2f..%2f..%2fpackage.json',
  '/models/..%2f..%2f/package.json',
  '/toolkit/%2e%2e/%2e%2e/package.json',
  '/c/open/defence/%00/slides',
];

/** In another spelling, or as what only Next says to itself. */
const spellings = (path: string) => [
  path,
  `/${path}`,
  `//127.0.0.1${path}`,
  path.replace(/(.)\/(.)/, '$1//$2'),
  `${path}/`,
  `${path}/.`,
  `${path};x=1`,
  `${path}%20`,
  `${path}%2f`,
  `${path}.rsc`,
  `${path}.json`,
  `${path}.segments/_tree.segment.rsc`,
  `${path}?_rsc=1`,
  `${path}?__nextLocale=en&__nextDefaultLocale=ru`,
  `/en${path}`,
  `/_next/data/x${path}.json`,
  path.replace('/o', '/%6f'),
  path.toUpperCase(),
];
const disguises: Record<string, string>[] = [
  {},
  { RSC: '1' },
  { RSC: '1', 'Next-Router-Prefetch': '1' },
  { RSC: '1', 'Next-Router-Prefetch': '1', 'Next-Router-Segment-Prefetch': '/_tree' },
  { RSC: '1', 'Next-Router-State-Tree': '%5B%22%22%5D' },
  { RSC: '1', 'Next-Router-State-Tree': encodeURIComponent('["",{"children":["__PAGE__",{}]},null,null,true]') },
  { Purpose: 'prefetch', 'X-Middleware-Prefetch': '1' },
  { 'X-Middleware-Subrequest': Array(5).fill('middleware').join(':') },
  { 'X-Middleware-Subrequest': Array(5).fill('src/middleware').join(':'), 'X-Nextjs-Data': '1' },
  { 'Next-Resume': '1', 'X-Matched-Path': '/organise/[slug]' },
  { 'X-Invoke-Path': '/', 'X-Invoke-Status': '200' },
  { 'X-Rewrite-Url': '/', 'X-Original-Url': '/', 'X-Forwarded-Prefix': '/' },
  { 'X-Rostrum-Shared': '1', 'X-Rostrum-Address': '127.0.0.1' },
  { 'X-Forwarded-For': '127.0.0.1', 'X-Real-Ip': '127.0.0.1' },
];

/** Addresses of pages that find nothing, and of no page at all. */
const ofNothing = [
  '/nothing',
  '/c/nothing',
  '/c/nothing/board',
  '/c/open/nothing',
  '/c/open/defence/nothing',
  `/c/open/submissions/${randomUUID()}`,
  '/organise/nothing',
  '/organise/open/nothing',
  `/organise/open/teams/${randomUUID()}`,
  '/course/nothing',
  '/course/open/nothing',
  `/course/open/manage/students/${randomUUID()}`,
  '/docs/nothing',
  '/docs/teams/nothing',
  '/live/nothing',
  '/live/nothing/microphone',
];

export function testAddresses(attacked: () => Attacked): void {
  test.each(languages)('an address of nothing says so in the page itself, with a way on (%s)', async (language) => {
    const t = translator(language);
    const headers = { Cookie: `${attacked().headersOf.organiser!.Cookie}; rostrum-language=${language}` };
    await forEach(ofNothing, async (path) => {
      const response = await askAs(attacked(), 'organiser', path, { headers });
      const html = await response.text();
      expect(response.status, path).toBe(404);
      expect(visibleText(html), path).toContain(t('common.not-found-text'));
      expect(html, path).toContain(`<html lang="${language}"`);
      expect(html.match(/<title>[^<]*<\/title>/g)?.join(), path).toMatch(
        new RegExp(`^<title>${t('common.not-found')}( · Rostrum)?</title>$`),
      );
      expect(html, path).toMatch(new RegExp(`<a [^>]*href="/"[^>]*>(?:<[^>]*>)*${t('common.not-found-home')}`));
      // Scripts of the page that was drawn run under this answer's policy, and its reader is who asked.
      const [, nonce] = /<script[^>]* nonce="([^"]+)"/.exec(html) ?? [];
      if (nonce !== undefined) expect(response.headers.get('content-security-policy'), path).toContain(nonce);
      expect((await askAs(attacked(), 'organiser', path, { method: 'HEAD' })).status, path).toBe(404);
    });
    // The controls: the router's data are left as they are, and what is there is no such page.
    const data = await askAs(attacked(), 'organiser', '/c/nothing', { headers: { RSC: '1' }, redirect: 'follow' });
    expect(data.headers.get('content-type')).toBe('text/x-component');
    expect(visibleText(await (await askAs(attacked(), 'organiser', '/c/open')).text())).not.toContain(
      t('common.not-found-text'),
    );
  });

  test.each(notOurs)('%s is not there', async (path) => {
    const response = await askAs(attacked(), 'organiser', path, { redirect: 'follow' });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.text()).not.toMatch(/"name": "rostrum"|root:x:|DATABASE_URL|\[core\]|Index of/);
  });

  test('what is not the state of a router is no fault of ours, and the page comes whole', async () => {
    const { stack } = attacked();
    const ask = (state: string | undefined) =>
      fetch(`${stack.origin}/docs`, {
        headers: { RSC: '1', ...(state === undefined ? {} : { 'Next-Router-State-Tree': state }) },
      });
    const whole = (await (await ask(undefined)).text()).length;
    for (const state of unreadableStates) {
      const answer = await ask(state);
      expect(answer.status, state.slice(0, 50)).toBe(200);
      expect((await answer.text()).length, state.slice(0, 50)).toBeGreaterThan(0.9 * whole);
    }
  });

  test.each(['TRACE', 'TRACK', 'PROPFIND', 'CONNECT'])('%s is answered with nothing that was sent', async (method) => {
    const { stack } = attacked();
    const secret = 'sent-along-with-the-request';
    for (const path of ['/', '/organise/open', '/healthz', '/api/v1/competitions']) {
      const asked = rawRequest(`${stack.origin}${path}`, { Cookie: `x=${secret}` }, [], { method });
      // Node hangs up on some of them by itself.
      const said = await asked.catch(() => ({ status: 405, body: '', headers: {} }));
      expect(said.status, path).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify([said.body, said.headers]), path).not.toContain(secret);
    }
  });

  test('a page that is not the reader’s shows nothing by another spelling, as data of the router, ahead of time, or past middleware', async () => {
    const { places, secretsOfMember } = attacked();
    const page = `/organise/open/teams/${places.team}`;
    const secret = secretsOfMember.email!;
    // The control: it is there to be seen, as a page and as data of the router.
    for (const headers of [{}, { RSC: '1' }] as Record<string, string>[]) {
      expect((await follow(attacked(), 'organiser', page, headers)).body).toContain(secret);
    }
    const ways = spellings(page).flatMap((path) =>
      (path === page ? disguises : disguises.slice(0, 2)).flatMap((headers) =>
        ['nobody', 'rival'].map((caller) => ({ path, headers, caller })),
      ),
    );
    const told: string[] = [];
    await forEach(ways, async ({ path, headers, caller }) => {
      const { status, body, left } = await follow(attacked(), caller, path, headers);
      const isWrong = body.includes(secret) || left !== null;
      if (isWrong) told.push(`${status} ${caller} ${path} ${JSON.stringify(headers)} ${left ?? ''}`);
    });
    expect(told).toEqual([]);
  });
}
