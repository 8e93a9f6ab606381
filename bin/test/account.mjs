// What a run came to: a table of its suites, its slowest files, and the line for programs.

/**
 * @typedef {import('./suites.mjs').Outcome & { name: string, seconds: number }} Row
 */

/**
 * Seconds that a file of a suite may take on two cores that do nothing else. Who needs more is named, so that a run stays short
 * while tests are added.
 * @type {Record<string, number>}
 */
const budgets = { unit: 2, thorough: 10, database: 10, system: 45, faults: 180, browser: 30 };

const slowestShown = 10;

/**
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function accountOf(rows) {
  const cells = (/** @type {string[]} */ [name = '', ...numbers]) =>
    name.padEnd(16) + numbers.map((number) => number.padStart(9)).join('');
  const table = rows.map(({ name, passed, failed, skipped, seconds }) =>
    cells([name, String(passed), String(failed), String(skipped.length), seconds.toFixed(1)]),
  );
  const skipped = rows.flatMap((row) => row.skipped.map((reason) => `skipped in ${row.name}: ${reason}`));
  const sum = (/** @type {(row: Row) => number} */ count) => rows.reduce((total, row) => total + count(row), 0);
  const last = `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`;
  return [
    '',
    cells(['', 'passed', 'failed', 'skipped', 'seconds']),
    ...table,
    '',
    ...slowestFiles(rows),
    ...skipped,
    ...troublesIn('Passed at a second try only:', rows, false),
    ...troublesIn('Failed:', rows, true),
    '',
    skipped.length === 0 ? last : `${last}, ${skipped.length} skipped`,
  ].join('\n');
}

/**
 * Last, since whoever keeps the output of a long run keeps its end.
 * @param {string} heading
 * @param {readonly Row[]} rows
 * @param {boolean} areFailed
 */
function troublesIn(heading, rows, areFailed) {
  const found = rows.flatMap(({ troubles }) => troubles.filter(({ isFailed }) => isFailed === areFailed));
  if (found.length === 0) return [];
  return [
    '',
    heading,
    ...found.flatMap(({ test, error }) => [`  ${test}`, ...error.split('\n').map((line) => `      ${line}`)]),
  ];
}

/** @param {readonly Row[]} rows */
function slowestFiles(rows) {
  return rows
    .flatMap(({ name, files }) => files.map((each) => ({ ...each, budget: budgets[name] ?? 0 })))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, slowestShown)
    .map(({ file, seconds, budget }) => {
      const over = seconds > budget ? `  (more than its ${budget} s)` : '';
      return `${seconds.toFixed(1).padStart(6)} s  ${file}${over}`;
    });
}
