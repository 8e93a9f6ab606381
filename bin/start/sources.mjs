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
const outputs = { bundle: 'dist/sources', pages: '.next/sources' };

/** @typedef {keyof typeof inputs} Built */

/**
 * @param {string} root
 * @param {Built} built
 */
export function isFresh(root, built) {
  const path = outputPath(root, built);
  return existsSync(path) && readFileSync(path, 'utf8') === hashOfSources(root, built);
}

/**
 * The file that holds the hash of the sources something was built from.
 * @param {string} root
 * @param {Built} built
 */
export function outputPath(root, built) {
  return join(root, outputs[built]);
}

/**
 * @param {string} root
 * @param {Built} built
 */
export function hashOfSources(root, built) {
  const hash = createHash('sha256');
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
