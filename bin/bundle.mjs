// Bundles what runs outside Next (server, worker, command line, supervisor) into dist/, and compiles the kernel. `npm ci` and
// `npm install` call it as the prepare script, so that everything works after an install alone.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { assembleClient, clientMessages } from './client/assemble.mjs';
import { compileKernel } from './kernel.mjs';
import { hashOfSources, outputPath } from './start/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const entries = {
  rostrum: 'bin/rostrum.ts',
  server: 'bin/server.ts',
  worker: 'scoring/worker.ts',
  'score-thread': 'scoring/score-thread.ts',
  'import-thread': 'scoring/jobs/import-thread.ts',
  'check-thread': 'lib/check-thread.ts',
  'lab-thread': 'scoring/lab/thread.ts',
  'runtime-probe': 'scoring/runtime/probe.ts',
  'transcribe-thread': 'scoring/baseline/transcribe-thread.ts',
  'train-thread': 'scoring/baseline/training/thread.ts',
  'all-systems': 'scoring/all-systems.ts',
  stack: 'bin/start/stack.ts',
  settings: 'lib/settings.ts',
  openapi: 'bin/openapi.ts',
};

const shared = {
  absWorkingDir: root,
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  metafile: true,
  logLevel: 'silent',
};

const options = {
  ...shared,
  entryPoints: entries,
  // All in one folder: lib/env.ts finds the root one up from itself, here as in its source.
  chunkNames: '[name]-[hash]',
  splitting: true,
  packages: 'external',
  plugins: [kept('./score.ts', './score.mjs', 'bin'), kept('./client.ts', './client.mjs', 'bin')],
};

/**
 * In one file, packages and all: to find and read thirty small ones takes longer than to score a small file. What is hardly ever
 * needed and takes long to read stays outside.
 */
const alone = {
  ...shared,
  minifySyntax: true,
  minifyWhitespace: true,
  // Packages that are not ES modules ask for parts of Node by it.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
};
const outside = [kept('#lib/settings.ts', './settings.mjs'), kept('#scoring/all-systems.ts', './all-systems.mjs')];

const scoreOptions = {
  ...alone,
  entryPoints: { score: 'bin/score.ts' },
  plugins: [...outside, messagesWhereTheyLie()],
};

/** What asks a server, and the package for teams, which has nothing but this file and the kernels. */
const clientOptions = {
  ...alone,
  entryPoints: { client: 'bin/client.ts' },
  plugins: [...outside, messagesOf(clientMessages)],
};

/** Of the package for teams, what starts it: a file of its own, for a Node that could not read the rest. */
const launcherOptions = {
  ...shared,
  sourcemap: false,
  entryPoints: { 'client-launcher': 'bin/client/package.mjs' },
  plugins: [kept('./client.mjs', './client.mjs', 'bin/client')],
};

/**
 * Leaves imports of a module as they are, to be found at `output`.
 * @param {string} specifier
 * @param {string} output
 * @param {string} [folder] where the importing modules lie
 */
function kept(specifier, output, folder) {
  return {
    name: output,
    setup(build) {
      build.onResolve({ filter: /^[.#]/ }, ({ path, resolveDir }) =>
        path === specifier && (folder === undefined || resolveDir === join(root, folder))
          ? { path: output, external: true }
          : undefined,
      );
    },
  };
}

/** Messages are read from their own files, and only when something is to be said. */
function messagesWhereTheyLie() {
  return {
    name: 'messages',
    setup(build) {
      build.onLoad({ filter: /\/lib\/messages\/\w+\/\w+\.json$/ }, ({ path }) => ({
        contents: `import { readFileSync } from 'node:fs';
          export default JSON.parse(readFileSync(new URL('../${relative(root, path)}', import.meta.url), 'utf8'));`,
      }));
    },
  };
}

/**
 * Of the messages, those of some areas alone.
 * @param {readonly string[]} areas
 */
function messagesOf(areas) {
  return {
    name: 'some-messages',
    setup(build) {
      build.onLoad({ filter: /\/lib\/messages\/\w+\/\w+\.json$/ }, ({ path }) => ({
        loader: 'json',
        contents: areas.includes(basename(path, '.json')) ? readFileSync(path, 'utf8') : '{}',
      }));
    },
  };
}

/** Builds once, and remembers which sources it was made of. */
export async function bundle() {
  const sources = hashOfSources(root, 'bundle');
  const bundles = [options, scoreOptions, clientOptions, launcherOptions].map((one) => build(one));
  const built = await Promise.all([...bundles, compileKernel()]);
  removeOldOutputs(built.slice(0, -1).flatMap(({ metafile }) => Object.keys(metafile.outputs)));
  assembleClient(root);
  writeFileSync(outputPath(root, 'bundle'), sources);
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
  const builders = await Promise.all([
    context({ ...options, plugins: [...options.plugins, plugin] }),
    context(scoreOptions),
    context(clientOptions),
  ]);
  await Promise.all(builders.map((builder) => builder.watch()));
  return async () => {
    await Promise.all(builders.map((builder) => builder.dispose()));
  };
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
