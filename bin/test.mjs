// `npm test`: everything that checks, one suite after another, with a table at the end. The last line is for programs.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle, buildPages } from './start/build.mjs';
import { install, isInstalled } from './start/install.mjs';
import { beginLifetime } from './start/lifetime.mjs';
import { openReport } from './start/report.mjs';
import { isFresh } from './start/sources.mjs';
import { check, runBrowser, runVitest } from './test/suites.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, 'dist', 'checks');

/** @typedef {import('./test/suites.mjs').Outcome} Outcome */

async function main() {
  const { signal } = beginLifetime(process.env);
  const report = openReport(process.stdout);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const context = { root, results, env: process.env, signal };
  const log = (/** @type {string} */ name) => ({ env: process.env, signal, logFile: join(results, `${name}.log`) });

  if (!isInstalled(root, { withDevelopment: true })) {
    await report.step('step-install', () => install(root, log('install')));
  }
  if (!isFresh(root, 'bundle')) await buildBundle(root, log('bundle'));
  // Beside the quick checks: what needs the pages comes after them.
  const pages = buildPages(root, log('pages')).then(
    () => null,
    (/** @type {Error} */ error) => error,
  );

  const bin = (/** @type {string} */ path) => join(root, 'node_modules', path);
  /** @type {[string, () => Promise<Outcome>][]} */
  const suites = [
    ['format and lint', () => check(context, 'lint', [bin('@biomejs/biome/bin/biome'), 'check', '.'])],
    ['types', () => check(context, 'types', [bin('typescript/bin/tsc'), '--noEmit'])],
    ['unit', () => runVitest(context, 'unit')],
    ['build', async () => outcomeOfBuild(await pages)],
    ['database', () => runVitest(context, 'database')],
    ['system', () => runVitest(context, 'system')],
    ['browser', () => runBrowser(context)],
  ];
  const rows = [];
  for (const [name, run] of suites) {
    const begun = Date.now();
    const outcome = await run();
    rows.push({ name, seconds: (Date.now() - begun) / 1000, ...outcome });
    report.line(`${outcome.failed === 0 ? '✓' : '✗'} ${name}`);
    if (outcome.failed > 0) report.line(outcome.output.trimEnd());
  }
  showTable(report, rows);
  return rows.some(({ failed }) => failed > 0) ? 1 : 0;
}

/**
 * @param {Error & { details?: string } | null} error
 * @returns {Outcome}
 */
function outcomeOfBuild(error) {
  if (error === null) return { passed: 1, failed: 0, skipped: [], output: '' };
  return { passed: 0, failed: 1, skipped: [], output: `${error.message}\n${error.details ?? ''}` };
}

/**
 * @param {import('./start/report.mjs').Report} report
 * @param {(Outcome & { name: string, seconds: number })[]} rows
 */
function showTable(report, rows) {
  const row = (/** @type {string[]} */ [name = '', ...cells]) =>
    name.padEnd(16) + cells.map((cell) => cell.padStart(9)).join('');
  report.line(`\n${row(['', 'passed', 'failed', 'skipped', 'seconds'])}`);
  for (const { name, passed, failed, skipped, seconds } of rows) {
    report.line(row([name, String(passed), String(failed), String(skipped.length), seconds.toFixed(1)]));
  }
  for (const { name, skipped } of rows) {
    for (const reason of skipped) report.line(`skipped in ${name}: ${reason}`);
  }
  const sum = (/** @type {(row: Outcome) => number} */ count) => rows.reduce((total, each) => total + count(each), 0);
  const skipped = sum((each) => each.skipped.length);
  const tail = skipped === 0 ? '' : `, ${skipped} skipped`;
  report.line(`\n${sum((each) => each.passed)} passed, ${sum((each) => each.failed)} failed${tail}`);
}

try {
  process.exit(await main());
} catch (error) {
  const isExplained = error instanceof Error && error.name === 'Refusal';
  process.stderr.write(`${isExplained ? error.message : (error.stack ?? error)}\n`);
  process.stdout.write('0 passed, 1 failed\n');
  process.exit(1);
}
