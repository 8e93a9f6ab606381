import type { IncomingMessage } from 'node:http';

/*
 * Routes and actions see for themselves that what a cookie opens is asked for by our own pages. This stands before all of them, so that
 * a new one which forgets it is guarded, too.
 */

const safe = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether a request would do something by a cookie without being sent by a page of ours. Browsers say who asks with every request that
 * changes something: what says nothing is no browser's, and no program of ours keeps cookies.
 */
export function isForged({ method = 'GET', headers }: IncomingMessage): boolean {
  if (safe.includes(method) || headers.cookie === undefined || headers.authorization !== undefined) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const { origin } = headers;
  return origin === undefined || !URL.canParse(origin) || new URL(origin).host !== headers.host;
}
