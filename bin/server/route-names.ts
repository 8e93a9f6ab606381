import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutBase } from '#lib/base-path.ts';
import { pagesFolder } from '../start/sources.mjs';

/*
 * Addresses as the routes that answer them, `/c/[slug]/board`: a list that nobody can make longer by asking for more addresses.
 */

/** What an address is called in figures. */
export type RouteNamer = (url: string) => string;

/** As Next writes it into the folder of built pages. */
type Manifest = { staticRoutes: Entry[]; dynamicRoutes: Entry[] };
type Entry = { page: string; regex: string };

/** No file of Next's, and answered by our server itself. */
const own = ['/healthz', '/readyz', '/metrics', '/.well-known/security.txt'];
const events = /^\/api\/v1\/competitions\/[^/]+\/events$/;

/**
 * Files of pages are `static`, what lies outside of the base path is `outside`, and whatever is no route of ours is `unknown`. So are
 * pages where none are built, as while somebody works on them.
 */
export function createRouteNamer(root: string, basePath: string): RouteNamer {
  const { staticRoutes, dynamicRoutes } = readManifest(root, basePath);
  const fixed = new Set([...own, ...staticRoutes.map(({ page }) => page)]);
  const patterns = dynamicRoutes.map(({ page, regex }) => ({ page, pattern: new RegExp(regex) }));
  return (url) => {
    const path = (withoutBase(url, basePath) ?? (own.includes(url) ? url : null))?.split('?')[0];
    if (path === undefined) return 'outside';
    const trimmed = path.replace(/(?<=.)\/$/, '');
    if (fixed.has(trimmed)) return trimmed;
    if (events.test(trimmed)) return '/api/v1/competitions/[slug]/events';
    if (path.startsWith('/_next/')) return 'static';
    const route = patterns.find(({ pattern }) => pattern.test(trimmed))?.page;
    return route ?? (/^\/(toolkit\/)?[\w.-]+\.\w+$/.test(trimmed) ? 'static' : 'unknown');
  };
}

/** Which of those names are of pages; of none while somebody works on them. */
export function readPageNames(root: string, basePath: string): ReadonlySet<string> {
  const path = join(root, pagesFolder(basePath), 'app-path-routes-manifest.json');
  if (!existsSync(path)) return new Set();
  const routes = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>);
  return new Set(routes.filter(([file]) => file.endsWith('/page')).map(([, name]) => name));
}

function readManifest(root: string, basePath: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(root, pagesFolder(basePath), 'routes-manifest.json'), 'utf8')) as Manifest;
  } catch {
    return { staticRoutes: [], dynamicRoutes: [] };
  }
}
