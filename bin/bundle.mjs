// Bundles what runs outside Next (server, worker, command line, supervisor) into dist/, and compiles the kernel. `npm ci` and
// `npm install` call it as the prepare script, so that everything works after an install alone.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { compileKernel } from './kernel.mjs';
import { hashOfSources, outputPath } from './start/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const entries = {
  rostrum: 'bin/rostrum.ts',
  server: 'bin/server.ts',
  worker: 'scoring/worker.ts',
  'score-thread': 'scoring/score-thread.ts',
  'check-thread': 'lib/check-thread.ts',
  'lab-thread': 'scoring/lab/thread.ts',
  'runtime-probe': 'scoring/runtime/probe.ts',
  stack: 'bin/start/stack.ts',
};

const options = {
  absWorkingDir: root,
  entryPoints: entries,
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  // All in one folder: lib/env.ts finds the root one up from itself, here as in its source.
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  metafile: true,
  logLevel: 'silent',
};

/** Builds once, and remembers which sources it was made of. */
export async function bundle() {
  const sources = hashOfSources(root, 'bundle');
  const builder = await context(options);
  try {
    const [{ metafile }] = await Promise.all([builder.rebuild(), compileKernel()]);
    removeOldOutputs(Object.keys(metafile.outputs));
    writeFileSync(outputPath(root, 'bundle'), sources);
  } finally {
    await builder.dispose();
  }
}

/**
 * Builds again whenever a source changes. `onRebuilt` gets the names of the bundles that came out different, `onProblem` what
 * esbuild has to say about a mistake.
 * @param {(names: string[]) => void} onRebuilt
 * @param {(text: string) => void} onProblem
 * @returns {Promise<() => Promise<void>>} ends the watch
 */
export async function watchBundle(onRebuilt, onProblem) {
  const hashes = new Map(Object.keys(entries).map((name) => [name, hashOfOutput(name)]));
  const plugin = {
    name: 'tell',
    setup(build) {
      build.onEnd(({ errors }) => {
        for (const { location, text } of errors) onProblem(`${location?.file}:${location?.line}: ${text}`);
        const changed = [...hashes].filter(([name, hash]) => hashOfOutput(name) !== hash).map(([name]) => name);
        for (const name of changed) hashes.set(name, hashOfOutput(name));
        if (changed.length > 0) onRebuilt(changed);
      });
    },
  };
  const builder = await context({ ...options, plugins: [plugin] });
  await builder.watch();
  return () => builder.dispose();
}

/** @param {string} name */
function hashOfOutput(name) {
  return createHash('sha256')
    .update(readFileSync(join(dist, `${name}.mjs`)))
    .digest('hex');
}

/**
 * A process that runs may still load its chunks lazily, so those of the last day stay.
 * @param {string[]} outputs
 */
function removeOldOutputs(outputs) {
  const current = new Set(outputs.map((path) => basename(path)));
  const dayAgo = Date.now() - 86_400_000;
  for (const name of readdirSync(dist)) {
    if (!/\.mjs(\.map)?$/.test(name) || current.has(name)) continue;
    if (statSync(join(dist, name)).mtimeMs < dayAgo) rmSync(join(dist, name));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
