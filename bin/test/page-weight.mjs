// How much JavaScript each page of the build makes a browser load, against tests/budgets.json. `npm test` fails its build by it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {{ everyPage: number, pages: Record<string, number> }} Weights kilobytes (1000 bytes) of gzip
 * @typedef {{ javascript: Weights, firstPaint: { timesStaticPage: number } }} Budgets firstPaint: of `npm run bench pages`
 */

/**
 * What is over its budget, as sentences; nothing where all is well. A budget for a page that is no more is told, too.
 * @param {ReadonlyMap<string, number>} weights bytes of gzip by route
 * @param {Pick<Budgets, 'javascript'>} budgets
 * @returns {string[]}
 */
export function overBudget(weights, { javascript: { everyPage, pages } }) {
  const heavy = [...weights].flatMap(([route, bytes]) => {
    const kilobytes = pages[route] ?? everyPage;
    if (bytes <= kilobytes * 1000) return [];
    return [`${route} loads ${(bytes / 1000).toFixed(1)} kB of JavaScript (gzip), its budget is ${kilobytes} kB`];
  });
  const gone = Object.keys(pages).filter((route) => !weights.has(route));
  return [...heavy, ...gone.map((route) => `tests/budgets.json has a budget for ${route}, which is no page`)];
}

/** @param {string} root @returns {Budgets} */
export function readBudgets(root) {
  return JSON.parse(readFileSync(join(root, 'tests/budgets.json'), 'utf8'));
}

/**
 * Of the last build: scripts of the framework, of the layouts above a page, and its own, each once.
 * @param {string} root
 * @returns {Map<string, number>} bytes of gzip by route, in the order of the routes
 */
export function weighPages(root) {
  const built = join(root, '.next');
  const { rootMainFiles } = JSON.parse(readFileSync(join(built, 'build-manifest.json'), 'utf8'));
  /** @type {Map<string, number>} */
  const sizes = new Map();
  const sizeOf = (/** @type {string} */ file) => {
    const size = sizes.get(file) ?? gzipSync(readFileSync(join(built, file)), { level: 9 }).length;
    sizes.set(file, size);
    return size;
  };
  const weights = pageManifests(built).map(({ route, files }) => {
    const loaded = new Set([...rootMainFiles, ...files]);
    return /** @type {[string, number]} */ ([route, [...loaded].reduce((sum, file) => sum + sizeOf(file), 0)]);
  });
  return new Map(weights.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Next writes for each page which scripts its entries need; the page that stands in for a broken layout loads by itself.
 * @param {string} built
 * @returns {{ route: string, files: string[] }[]}
 */
function pageManifests(built) {
  const app = join(built, 'server/app');
  return readdirSync(app, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('page_client-reference-manifest.js') && !path.startsWith('_'))
    .map((path) => {
      /** @type {{ __RSC_MANIFEST?: Record<string, { entryJSFiles: Record<string, string[]> }> }} */
      const context = {};
      runInNewContext(readFileSync(join(app, path), 'utf8'), context);
      const [name, manifest] = Object.entries(context.__RSC_MANIFEST ?? {})[0] ?? ['', { entryJSFiles: {} }];
      const entries = Object.entries(manifest.entryJSFiles).filter(([entry]) => !entry.endsWith('/global-error'));
      return { route: name.replace(/\/page$/, '') || '/', files: entries.flatMap(([, files]) => files) };
    });
}
