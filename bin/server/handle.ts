import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { withoutBase } from '#lib/base-path.ts';
import type { Database } from '#lib/db/client.ts';
import type { FiguresFor } from '#lib/env.ts';
import { ForbiddenError, NotFoundError, RefusedError, TooManyRequestsError } from '#lib/errors.ts';
import { refusalOf } from '#lib/http.ts';
import { log } from '#lib/log.ts';
import { answerForApi, isApi, refuse } from './api.ts';
import type { Competitions } from './competitions.ts';
import { isForged } from './cross-origin.ts';
import type { EventHub } from './events.ts';
import { missingForReadiness } from './health.ts';
import { hearOut } from './hear-out.ts';
import { askInside } from './inside.ts';
import { keepLength } from './length.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { drawMissing } from './missing-pages.ts';
import { createNonce, dataPolicy, isData, nonceSource, pagePolicy, setSecurityHeaders } from './policy.ts';
import { answer, identify, isWellFormed, loggedPath, receive, type Site, trustIn, warnOfStrangers } from './request.ts';
import { createRouteNamer, readPageNames } from './route-names.ts';
import { dropUnreadableState } from './router-state.ts';
import { securityText, securityTextPath } from './security-text.ts';
import { keepSharedPages } from './shared-pages.ts';
import { keepStaticFiles } from './static-files.ts';

export type Parts = {
  root: string;
  site: Site;
  hasDemo: boolean;
  trustedProxies: readonly string[];
  /** Whom to tell of a hole; nobody: there is no such file. */
  securityContacts: readonly string[];
  figuresFor: FiguresFor;
  /** Whether this process was told to stop: balancers are to look for another. */
  isStopping(): boolean;
  db: Database;
  competitions: Competitions;
  events: EventHub;
  /** Next's own handler. */
  next: RequestListener;
};

/** Streams end all the time, so that there is room again soon. */
const secondsToNextStream = 30;

type Handler = (request: IncomingMessage, response: ServerResponse, address: string) => Promise<boolean>;

/** Everything this server answers, in the order in which it is asked: itself, then what is kept, then Next. */
export function createHandler(parts: Parts): RequestListener {
  const { site } = parts;
  const next = belowBase(site.basePath, parts.next);
  const isTrusted = trustIn(parts.trustedProxies);
  const nameOf = createRouteNamer(parts.root, site.basePath);
  const pageNames = readPageNames(parts.root, site.basePath);
  const isPage = (url: string) => pageNames.has(nameOf(url));
  const metrics = createMetrics(parts.db, parts.events, nameOf, parts.figuresFor);
  const warn = warnOfStrangers(isTrusted);
  const ask = askInside(next);
  const pages = keepSharedPages(site, parts.competitions, ask);
  // While somebody works on the pages, nothing of them is kept.
  const kept: Handler[] = site.isDevelopment ? [] : [keepStaticFiles(ask), pages.answer];
  const handlers: Handler[] = [ownAnswers(parts, metrics), ...kept];

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setSecurityHeaders(response, site);
    const url = insidePath(request.url ?? '/', site.basePath);
    if (url === null) return answerOutside(request, response, site);
    request.url = url;
    if (site.isProduction) warn(request);
    const address = receive(request, site, isTrusted);
    if (!isWellFormed(request.url ?? '/')) return refuseAddress(request, response);
    if (await answerForApi(request, response)) return;
    if (isForged(request)) return refuseForged(request, response);
    for (const handler of handlers) if (await handler(request, response, address)) return;
    dropUnreadableState(request.headers);
    const nonce = createNonce();
    // Next puts the nonce that it finds here into the scripts that it writes.
    request.headers['content-security-policy'] = `script-src ${nonceSource(nonce)}`;
    response.setHeader(
      'Content-Security-Policy',
      isData(request.url ?? '/') ? dataPolicy : pagePolicy(site, [nonceSource(nonce)]),
    );
    keepLength(response);
    if (isPage(site.basePath + request.url)) drawMissing(request, response, ask);
    await next(request, response);
  };

  return (request, response) => {
    hearOut(request, response);
    metrics.begin(request, response);
    const requestId = identify(request, isTrusted);
    response.setHeader('X-Request-Id', requestId);
    const { method, url = '/' } = request;
    // A page can read this of its own requests, and no other header: app/request-id.ts.
    if (!isApi(url)) response.setHeader('Server-Timing', `request;desc="${requestId}"`);
    if (log.isLevelEnabled('debug')) logAnswer(response, { requestId, method, route: nameOf(url) });
    handle(request, response).catch((error: unknown) => {
      log.error({ err: error, requestId, method, path: loggedPath(url) }, 'request failed');
      if (response.headersSent) response.destroy();
      else if (isApi(request.url ?? '/')) void refuse(request, response, refusalOf(error));
      else answer(response, 500, 'text/plain; charset=utf-8', `internal error, request ${requestId}\n`);
    });
  };
}

/** A line for every request. It names the route: an address may be a secret. */
function logAnswer(
  response: ServerResponse,
  about: { requestId: string; method: string | undefined; route: string },
): void {
  const began = performance.now();
  response.on('close', () => {
    const milliseconds = Math.round(performance.now() - began);
    const isWhole = response.writableFinished;
    log.debug({ ...about, status: response.statusCode, milliseconds }, isWhole ? 'answered' : 'answer broken off');
  });
}

async function refuseAddress(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isApi(request.url ?? '/')) return refuse(request, response, new RefusedError('malformed-address', 400));
  answer(response, 400, 'text/plain; charset=utf-8', 'malformed address\n');
}

async function refuseForged(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isApi(request.url ?? '/')) return refuse(request, response, new ForbiddenError('cross-origin'));
  answer(response, 403, 'text/plain; charset=utf-8', 'cross-origin request refused\n');
}

/** What is answered at the root of the host as well: a balancer asks for it, wherever people find the site. */
const rootPaths = /^\/(healthz|readyz|metrics|\.well-known\/security\.txt)(\?|$)/;

/** The path inside the site; null for what is none of ours. */
function insidePath(url: string, basePath: string): string | null {
  return withoutBase(url, basePath) ?? (rootPaths.test(url) ? url : null);
}

/** Who asks for the host itself finds the site; anything else there is somebody else's, and a proxy that cut the base path off is told. */
function answerOutside(request: IncomingMessage, response: ServerResponse, { basePath }: Site): void {
  const type = 'text/plain; charset=utf-8';
  if (request.url === '/') answer(response, 307, type, '', { Location: basePath });
  else answer(response, 404, type, `everything here is below ${basePath}\n`);
}

/** Next knows its pages by the whole path, and the front page without a slash at the end. */
function belowBase(basePath: string, next: RequestListener): RequestListener {
  if (basePath === '') return next;
  return (request, response) => {
    request.url = basePath + (request.url ?? '/').replace(/^\/(?=\?|$)/, '');
    return next(request, response);
  };
}

/** Health, figures, and the streams of events. */
function ownAnswers(parts: Parts, metrics: Metrics): Handler {
  const { root, db, events, competitions, hasDemo } = parts;
  return async (request, response, address) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = (request.url ?? '/').split('?')[0]!;
    const slug = /^\/api\/v1\/competitions\/([^/]+)\/events$/.exec(path)?.[1];
    if (slug !== undefined && request.method === 'GET') {
      const followed = await competitions.find(slug);
      if (followed === null) await refuse(request, response, new NotFoundError('competition', slug));
      else if (!events.open(request, response, followed, address)) {
        await refuse(request, response, new TooManyRequestsError('too-many-streams', secondsToNextStream));
      }
    } else if (path === '/healthz') {
      answer(response, 200, 'text/plain; charset=utf-8', 'ok\n');
    } else if (path === '/readyz') {
      const missing = parts.isStopping() ? ['this process stops'] : await missingForReadiness(db, root, hasDemo);
      const status = missing.length === 0 ? 200 : 503;
      answer(response, status, 'application/json', `${JSON.stringify({ ready: status === 200, missing })}\n`);
    } else if (path === '/metrics') {
      await metrics.answer(request, response);
    } else if (path === securityTextPath && parts.securityContacts.length > 0) {
      const text = securityText(parts.securityContacts, parts.site.origin, new Date());
      answer(response, 200, 'text/plain; charset=utf-8', text, { 'Cache-Control': 'public, max-age=86400' });
    } else return false;
    return true;
  };
}
