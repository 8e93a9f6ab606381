/*
 * Where the whole site stands on its host: at the root, or below a path as `/rostrum`. Inside Rostrum every path is written without it:
 * the server takes it off a request and pages put it before what leads elsewhere. Links and forms have it by themselves (#elements);
 * what a script asks for by itself takes `withBase`.
 */

/** Of a public address; '' at the root of the host. */
export function basePathOf(address: string): string {
  return new URL(address).pathname.replace(/\/$/, '');
}

/** Of this installation, in pages and their scripts: they are built for one (next.config.js). Elsewhere it is `webEnv().basePath`. */
export const basePath = process.env.ROSTRUM_BASE_PATH ?? '';

/** The path by which a browser asks for `path`, which begins with a slash. */
export function withBase(path: string): string {
  return basePath + path;
}

/** A path of a request as it is inside, `/` for the base path itself; null for what lies outside of it. */
export function withoutBase(url: string, base: string): string | null {
  if (!url.startsWith(base)) return null;
  const rest = url.slice(base.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : null;
}

/** What cookies of ours are for. Not of `/` as a path below the base: the base path itself is a page, too. */
export const cookiePath = basePath || '/';
