// `npm test`: everything that checks, with a table at the end; `npm run check` the quick part of it. The last line is for programs.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle, buildPages } from './start/build.mjs';
import { install, isInstalled } from './start/install.mjs';
import { beginLifetime } from './start/lifetime.mjs';
import { nodeTrouble } from './start/node-version.mjs';
import { openReport } from './start/report.mjs';
import { isFresh } from './start/sources.mjs';
import { accountOf } from './test/account.mjs';
import { overBudget, readBudgets, weighPages } from './test/page-weight.mjs';
import { check, failure, runBrowser, runVitest } from './test/suites.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const isQuick = process.argv.includes('--quick');
// Each its own: a check that runs beside `npm test` takes nothing from it.
const results = join(root, 'dist', isQuick ? 'quick-checks' : 'checks');

/** @typedef {import('./test/suites.mjs').Outcome} Outcome */

/** @typedef {{ name: string, run(): Promise<Outcome> }} Suite */

async function main() {
  const trouble = nodeTrouble();
  if (trouble !== null) throw trouble;
  const { signal } = beginLifetime(process.env);
  const report = openReport(process.stdout);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  // What tests leave in it, those that were killed too, goes with it.
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-tests-'));
  // As /tmp is: some tests are of programs of another user.
  chmodSync(temporary, 0o1777);
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
  const context = { root, results, env: { ...process.env, TMPDIR: temporary }, signal };
  const log = (/** @type {string} */ name) => ({ env: process.env, signal, logFile: join(results, `${name}.log`) });

  if (!isInstalled(root, { withDevelopment: true })) {
    await report.step('step-install', () => install(root, log('install')));
  }
  if (!isFresh(root, 'bundle')) await buildBundle(root, log('bundle'));
  const stages = isQuick ? [quickSuites(context)] : [...everySuite(context, log('pages'))];
  /** @type {import('./test/account.mjs').Row[]} */
  const rows = [];
  for (const stage of stages) {
    await Promise.all(stage.map(async (suite) => rows.push(await runSuite(suite, report))));
  }
  report.line(accountOf(rows));
  return rows.some(({ failed }) => failed > 0) ? 1 : 0;
}

/**
 * What `npm run check` runs, at once: each leaves a core idle for a part of its time.
 * @param {import('./test/suites.mjs').Context} context
 * @returns {Suite[]}
 */
function quickSuites(context) {
  const bin = (/** @type {string} */ path) => join(root, 'node_modules', path);
  return [
    { name: 'format and lint', run: () => check(context, 'lint', [bin('@biomejs/biome/bin/biome'), 'check', '.']) },
    { name: 'types', run: () => check(context, 'types', [bin('typescript/bin/tsc'), '--noEmit']) },
    { name: 'unit', run: () => runVitest(context, 'unit') },
  ];
}

/**
 * In stages; the suites of one stage run at once. The pages are built beside the quick ones: what needs them comes later.
 * @param {import('./test/suites.mjs').Context} context
 * @param {import('./start/build.mjs').BuildOptions} pagesLog
 * @returns {Suite[][]}
 */
function everySuite(context, pagesLog) {
  const pages = async () => {
    try {
      await buildPages(root, pagesLog);
      const heavy = overBudget(weighPages(root), readBudgets(root));
      if (heavy.length > 0) return failure('JavaScript of pages', heavy.join('\n'));
      // Once more, for an installation below a path of its host.
      await buildPages(root, { ...pagesLog, env: { ...pagesLog.env, ROSTRUM_URL: 'http://localhost/rostrum' } });
      return { passed: 1, failed: 0, skipped: [], files: [], output: '', troubles: [] };
    } catch (error) {
      const { message, details = '' } = /** @type {Error & { details?: string }} */ (error);
      return failure('build', `${message}\n${details}`);
    }
  };
  return [
    [{ name: 'build', run: pages }, ...quickSuites(context)],
    [{ name: 'thorough', run: () => runVitest(context, 'thorough') }],
    [{ name: 'database', run: () => runVitest(context, 'database') }],
    [
      { name: 'system', run: () => runVitest(context, 'system') },
      { name: 'faults', run: () => runVitest(context, 'faults') },
    ],
    [{ name: 'browser', run: () => runBrowser(context) }],
  ];
}

/**
 * @param {Suite} suite
 * @param {import('./start/report.mjs').Report} report
 */
async function runSuite({ name, run }, report) {
  const begun = Date.now();
  const outcome = await run();
  report.line(`${outcome.failed === 0 ? '✓' : '✗'} ${name}`);
  if (outcome.failed > 0) report.line(outcome.output.trimEnd());
  return { name, seconds: (Date.now() - begun) / 1000, ...outcome };
}

try {
  process.exit(await main());
} catch (error) {
  const isExplained = error instanceof Error && error.name === 'Refusal';
  process.stderr.write(`${isExplained ? error.message : (error.stack ?? error)}\n`);
  process.stdout.write('0 passed, 1 failed\n');
  process.exit(1);
}
