import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseLanguage } from '#lib/messages/language.ts';
import type { Competitions } from './competitions.ts';
import type { AskInside } from './inside.ts';
import { type Packed, pack, sendPacked } from './packed.ts';
import { createNonce, freezeScripts, nonceSource, pagePolicy } from './policy.ts';
import { cookieOf, type Site, wantsDocument } from './request.ts';

/*
 * Pages that are the same for everybody: drawn once per language, theme and state of what they show, without the reader's
 * cookies, then given out as finished, compressed bytes under a policy that lists their scripts by hash.
 */

type Shared = {
  path: RegExp;
  /** `signed-out` pages are given to those only who have no session: they show the way in. */
  audience: 'everybody' | 'signed-out';
};

const sharedPages: readonly Shared[] = [
  { path: /^\/c\/([a-z0-9-]+)\/board$/, audience: 'everybody' },
  { path: /^\/live\/([a-z0-9-]+)$/, audience: 'everybody' },
  { path: /^\/$/, audience: 'signed-out' },
  { path: /^\/docs(?:\/[a-z-]+){0,2}$/, audience: 'everybody' },
];

/** Even without any news a page is drawn anew after this. */
const keptMs = 60_000;
const maxPages = 300;

type Looks = { language: string; theme: string };
type Page = Packed & { policy: string };
type Drawn = { stamp: number; drawnAt: number; page: Promise<Page | null> };

export type SharedPages = {
  /** Answers if the request is for such a page; false leaves it to others. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
};

export function keepSharedPages(site: Site, competitions: Competitions, ask: AskInside): SharedPages {
  const kept = new Map<string, Drawn>();
  return {
    async answer(request, response) {
      const shared = sharedPageOf(request);
      const stamp = shared && (await stampOf(shared.slug, competitions));
      if (shared === null || stamp === null) return false;
      const { url } = shared;
      const looks = looksOf(request);
      const draw = () => drawPage(site, ask, url, looks, shared.audience === 'everybody');
      const page = await current(kept, `${url} ${looks.language} ${looks.theme}`, stamp, draw);
      if (page === null) return false;
      response.setHeader('Content-Security-Policy', page.policy);
      response.setHeader('Cache-Control', 'private, no-cache');
      response.setHeader('Vary', 'Cookie, Accept-Language, Accept-Encoding');
      sendPacked(request, response, page);
      return true;
    },
  };
}

function sharedPageOf(
  request: IncomingMessage,
): { url: string; slug: string | null; audience: Shared['audience'] } | null {
  const { url = '' } = request;
  if (!wantsDocument(request)) return null;
  for (const { path, audience } of sharedPages) {
    const match = path.exec(url);
    if (match !== null) {
      return audience === 'signed-out' && hasSession(request) ? null : { url, slug: match[1] ?? null, audience };
    }
  }
  return null;
}

/** Null where the public has nothing to see. */
async function stampOf(slug: string | null, competitions: Competitions): Promise<number | null> {
  if (slug === null) return competitions.stampOfAll();
  return (await competitions.find(slug))?.stamp ?? null;
}

/** The page as drawn under this stamp; many who ask at once wait for one drawing. What cannot be drawn is not kept. */
function current(
  kept: Map<string, Drawn>,
  key: string,
  stamp: number,
  draw: () => Promise<Page | null>,
): Promise<Page | null> {
  const known = kept.get(key);
  if (known?.stamp === stamp && performance.now() - known.drawnAt < keptMs) return known.page;
  const drawn = { stamp, drawnAt: performance.now(), page: draw() };
  const forget = () => {
    if (kept.get(key) === drawn) kept.delete(key);
  };
  drawn.page.then((page) => page ?? forget(), forget);
  kept.delete(key);
  kept.set(key, drawn);
  const [oldest] = kept.keys();
  if (kept.size > maxPages && oldest !== undefined) kept.delete(oldest);
  return drawn.page;
}

/** As a reader without cookies but for the looks. The nonce is of this drawing alone: nothing in the page can have known it. */
async function drawPage(
  site: Site,
  ask: AskInside,
  path: string,
  { language, theme }: Looks,
  isForEverybody: boolean,
): Promise<Page | null> {
  const nonce = createNonce();
  const { status, headers, body } = await ask(path, {
    host: new URL(site.origin).host,
    accept: 'text/html',
    cookie: `rostrum-language=${language}; rostrum-theme=${theme}`,
    'content-security-policy': `script-src ${nonceSource(nonce)}`,
    'x-rostrum-path': path,
    ...(isForEverybody ? { 'x-rostrum-shared': '1' } : {}),
  });
  if (status !== 200) return null;
  const { html, sources } = freezeScripts(body.toString(), nonce);
  const type = headers['content-type'] ?? 'text/html; charset=utf-8';
  return { ...(await pack(type, Buffer.from(html))), policy: pagePolicy(site, sources) };
}

/** As app/language.ts reads them. */
function looksOf(request: IncomingMessage): Looks {
  const theme = cookieOf(request, 'rostrum-theme') ?? '';
  return {
    language: chooseLanguage(cookieOf(request, 'rostrum-language'), request.headers['accept-language']),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}

function hasSession(request: IncomingMessage): boolean {
  return /(?:^|;\s*)(?:__(?:Host|Secure)-)?rostrum-session=/.test(request.headers.cookie ?? '');
}
