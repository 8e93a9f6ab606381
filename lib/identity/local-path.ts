const anywhere = 'http://rostrum.invalid';

/**
 * `next` where it is a path of this site, else `fallback`. Whatever a browser would read as another site (`//host`, `/\host`,
 * a scheme) is none of ours: a sign-in page must not become somebody's redirect.
 */
export function localPath(next: string | null | undefined, fallback = '/'): string {
  if (!next?.startsWith('/') || next.length > 500 || !URL.canParse(next, anywhere)) return fallback;
  const url = new URL(next, anywhere);
  const path = url.pathname + url.search + url.hash;
  return url.origin === anywhere && !path.startsWith('//') ? path : fallback;
}

/** `path` with `next` added for the way back, which the front page needs no mention of. */
export function withNext(path: string, next: string): string {
  if (next === '/') return path;
  return `${path}${path.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`;
}
