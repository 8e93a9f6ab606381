// The suites that `npm test` runs, each as one command whose account is read back.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runCommand } from '../start/commands.mjs';
import { beginning, troublesOfPlaywright, troublesOfVitest } from './troubles.mjs';

/**
 * @typedef {{ root: string, results: string, env: NodeJS.ProcessEnv, signal: AbortSignal }} Context
 * @typedef {{ file: string, seconds: number }} FileTime
 * @typedef {import('./troubles.mjs').Trouble} Trouble
 * @typedef {import('./troubles.mjs').PlaywrightSuite} PlaywrightSuite
 * @typedef {{ files: import('./reporter.mjs').FileAccount[], elsewhere: Trouble[], output: string }} Run elsewhere: outside of these files
 * @typedef {{ passed: number, failed: number, skipped: string[], files: FileTime[], output: string, troubles: Trouble[] }} Outcome skipped: what, and why; output: for who looks into a failure
 */

/**
 * A command that counts as one check.
 * @param {Context} context
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
export async function check(context, name, args) {
  const { code, output } = await run(context, name, args);
  return code === 0 ? { passed: 1, failed: 0, skipped: [], files: [], output, troubles: [] } : failure(name, output);
}

/**
 * One check that failed, and what it said.
 * @param {string} name
 * @param {string} output
 * @param {number} failed
 * @returns {Outcome}
 */
export function failure(name, output, failed = 1) {
  const troubles = [{ test: name, isFailed: true, error: beginning(output) }];
  return { passed: 0, failed, skipped: [], files: [], output, troubles };
}

/**
 * In CI a file whose hooks failed is run once more: Vitest tries tests again, and hooks, which start whole installations, it does not.
 * @param {Context} context
 * @param {string} project
 * @returns {Promise<Outcome>}
 */
export async function runVitest(context, project) {
  const first = await vitest(context, project, []);
  const broken = context.env.CI ? first.files.filter(({ broken: groups }) => groups.length > 0) : [];
  if (broken.length === 0) return outcomeOf(first);
  const again = broken.map(({ file }) => file);
  const second = await vitest(context, project, again);
  const before = troublesOfVitest(broken).map((trouble) => ({ ...trouble, isFailed: false }));
  return outcomeOf({
    files: [...first.files.filter((file) => !broken.includes(file)), ...second.files],
    elsewhere: [...before, ...first.elsewhere, ...second.elsewhere],
    output: `${first.output}\n${second.output}`,
  });
}

/**
 * @param {Context} context
 * @param {string} project
 * @param {readonly string[]} only these files; all, where there are none
 * @returns {Promise<Run>}
 */
async function vitest(context, project, only) {
  const account = join(context.results, `${project}.json`);
  rmSync(account, { force: true });
  const program = join(context.root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=./bin/test/reporter.mjs'];
  const env = { ...context.env, ROSTRUM_TEST_ACCOUNT: account };
  const args = [program, 'run', '--project', project, ...reporters, ...only];
  const { code, output } = await run({ ...context, env }, project, args);
  const told = withoutPassed(output);
  /** @type {import('./reporter.mjs').Account} */
  const { files, errors } = readAccount(account) ?? { files: [], errors: [] };
  const isExplained = errors.length > 0 || troublesOfVitest(files).some(({ isFailed }) => isFailed);
  const elsewhere = (code === 0 || isExplained ? errors : [told]).map((error) => ({
    ...{ test: project, isFailed: true },
    error: beginning(error),
  }));
  return { files, elsewhere, output: told };
}

/**
 * @param {Run} run
 * @returns {Outcome}
 */
function outcomeOf({ files, elsewhere, output }) {
  const tests = files.flatMap((file) => file.tests);
  const troubles = [...troublesOfVitest(files), ...elsewhere];
  return {
    passed: tests.filter(({ state }) => state === 'passed').length,
    failed: troubles.filter(({ isFailed }) => isFailed).length,
    skipped: tests.filter(({ state }) => state === 'skipped').map(({ name }) => `${name} (not on this machine)`),
    files: files.map(({ file, seconds }) => ({ file, seconds })),
    output,
    troubles,
  };
}

/**
 * From the first failure on: the names of a thousand tests that passed are in the log.
 * @param {string} output
 */
function withoutPassed(output) {
  const plain = stripVTControlCharacters(output);
  const at = plain.search(/⎯+ (Failed|Unhandled|Startup)/);
  return at === -1 ? plain : plain.slice(at);
}

/**
 * @param {Context} context
 * @returns {Promise<Outcome>}
 */
export async function runBrowser(context) {
  const chromium = await findChromium(context.env);
  if (chromium === null) return withoutBrowser(context);
  const { code, output, account } = await runPlaywright(context, { CHROMIUM: chromium });
  if (account === null) return failure('browser', output);
  const { stats, suites } = account;
  // Something outside of all tests.
  if (stats.unexpected === 0 && code !== 0) return failure('browser', output);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: Array(stats.skipped).fill('marked as skipped in its file'),
    files: suites.map((suite) => ({ file: `tests/e2e/${suite.file}`, seconds: millisecondsIn(suite) / 1000 })),
    output,
    troubles: troublesOfPlaywright(suites),
  };
}

/**
 * @typedef {{ expected: number, unexpected: number, flaky: number, skipped: number }} PlaywrightStats
 */

/**
 * @param {PlaywrightSuite} suite
 * @returns {number}
 */
function millisecondsIn({ specs, suites = [] }) {
  const results = specs.flatMap(({ tests }) => tests.flatMap((test) => test.results));
  const own = results.reduce((sum, { duration }) => sum + duration, 0);
  return suites.reduce((sum, suite) => sum + millisecondsIn(suite), own);
}

/**
 * @param {Context} context
 * @returns {Promise<Outcome>}
 */
async function withoutBrowser(context) {
  const { output } = await runPlaywright(context, {}, '--list');
  const count = Number(/Total: (\d+) tests?/.exec(output)?.[1] ?? 1);
  const reason = 'no Chromium on this machine (apt-get install chromium)';
  if (context.env.CI) return failure('browser', reason, count);
  return { passed: 0, failed: 0, skipped: Array(count).fill(reason), files: [], output, troubles: [] };
}

/**
 * @param {Context} context
 * @param {Record<string, string>} more
 * @param {string[]} args
 */
async function runPlaywright(context, more, ...args) {
  const account = join(context.results, 'browser.json');
  const playwright = join(context.root, 'node_modules/@playwright/test/cli.js');
  const env = { ...context.env, ...more, PLAYWRIGHT_JSON_OUTPUT_FILE: account };
  const { code, output } = await run({ ...context, env }, 'browser', [playwright, 'test', ...args]);
  /** @type {{ stats: PlaywrightStats, suites: PlaywrightSuite[] } | null} */
  const found = readAccount(account);
  return { code, output, account: found };
}

/** @param {NodeJS.ProcessEnv} env */
async function findChromium(env) {
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
  const onPath = (env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const { chromium } = await import('@playwright/test');
  const known = [env.CHROMIUM ?? '', ...onPath, chromium.executablePath()];
  return known.find((path) => path !== '' && existsSync(path)) ?? null;
}

/**
 * @param {Context} context
 * @param {string} name
 * @param {string[]} args
 */
function run({ root, results, env, signal }, name, args) {
  return runCommand(process.execPath, args, { cwd: root, env, signal, logFile: join(results, `${name}.log`) });
}

/** @param {string} path */
function readAccount(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}
