// Which tests failed, or passed at a second try only, and why: read from what Vitest and Playwright write down.
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ test: string, isFailed: boolean, error: string }} Trouble test: file and name; isFailed: false where another try passed
 * @typedef {{ errors?: { message?: string }[], duration: number }} PlaywrightResult
 * @typedef {{ title: string, tests: { status?: string, results: PlaywrightResult[] }[] }} PlaywrightSpec status: expected, unexpected, flaky or skipped
 * @typedef {{ title: string, file: string, specs: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 */

const lines = 12;

/**
 * A group whose hook failed, or a file that could not be loaded, is one of them under its own name.
 * @param {readonly import('./reporter.mjs').FileAccount[]} files
 * @returns {Trouble[]}
 */
export function troublesOfVitest(files) {
  return files.flatMap(({ file, tests, broken }) => [
    ...tests.flatMap(({ name, state, error }) =>
      error === null ? [] : [{ test: `${file} › ${name}`, isFailed: state === 'failed', error: beginning(error) }],
    ),
    ...broken.map(({ name, error }) => ({
      test: name === '' ? file : `${file} › ${name}`,
      isFailed: true,
      error: beginning(error),
    })),
  ]);
}

/**
 * @param {readonly PlaywrightSuite[]} suites
 * @param {string} path of titles above them
 * @returns {Trouble[]}
 */
export function troublesOfPlaywright(suites, path = '') {
  return suites.flatMap(({ title, specs, suites: inner = [] }) => {
    const here = path === '' ? `tests/e2e/${title}` : `${path} › ${title}`;
    const own = specs.flatMap(({ title: name, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ status, results }) => ({
          test: `${here} › ${name}`,
          isFailed: status === 'unexpected',
          error: beginning(results.flatMap(({ errors = [] }) => errors)[0]?.message ?? ''),
        })),
    );
    return [...own, ...troublesOfPlaywright(inner, here)];
  });
}

/**
 * Of an error or of what a command said: its first lines, without colours and without the stack.
 * @param {string} text
 */
export function beginning(text) {
  const told = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .+(:\d+:\d+\)?|\(<anonymous>\))$/.test(line));
  return told.slice(0, lines).join('\n');
}
