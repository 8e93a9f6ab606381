// Whether something was built from the sources as they are now: by content, because a checkout changes times at will.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

// tsconfig.json is left out: Next writes into it.
const inputs = {
  bundle: ['bin', 'lib', 'scoring', 'package.json', 'package-lock.json'],
  pages: [
    'app',
    'lib',
    'scoring',
    'public',
    'instrumentation.ts',
    'next.config.js',
    'postcss.config.mjs',
    'package.json',
    'package-lock.json',
  ],
};

/** @typedef {keyof typeof inputs} Built */

/**
 * What the site stands below on its host, by its public address: '' or as `/rostrum`.
 * @param {string | undefined} address
 */
export function basePathOf(address) {
  return new URL(address || 'http://localhost').pathname.replace(/\/$/, '');
}

/**
 * The folder that pages are built into. They are for one base path ('' or as `/rostrum`): those for the root of a host are kept beside
 * those for another place, so that two installations of one clone do not take them from each other.
 * @param {string} basePath
 */
export function pagesFolder(basePath) {
  return basePath === '' ? '.next' : '.next-below';
}

/**
 * @param {string} root
 * @param {Built} built
 * @param {string} basePath of pages
 */
export function isFresh(root, built, basePath = '') {
  const path = outputPath(root, built, basePath);
  return existsSync(path) && readFileSync(path, 'utf8') === hashOfSources(root, built, basePath);
}

/**
 * The file that holds the hash of the sources something was built from.
 * @param {string} root
 * @param {Built} built
 * @param {string} basePath of pages
 */
export function outputPath(root, built, basePath = '') {
  return join(root, built === 'bundle' ? 'dist' : pagesFolder(basePath), 'sources');
}

/**
 * @param {string} root
 * @param {Built} built
 * @param {string} basePath of pages
 */
export function hashOfSources(root, built, basePath = '') {
  const hash = createHash('sha256').update(basePath);
  for (const name of inputs[built]) {
    for (const path of filesUnder(root, name))
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path relative to `root`
 * @returns {string[]}
 */
function filesUnder(root, path) {
  if (!existsSync(join(root, path))) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(root, `${path}/${name}`));
}
