import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/*
 * The written plan of how far an installation scales: what it takes from measurements stands in BENCHMARKS.md, and what it computes of
 * them, and of the pools of our processes, comes to what it says.
 */

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const benchmarks = read('BENCHMARKS.md');

function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`nothing like ${pattern}`);
  return Number(found);
}

const measured = {
  web: numberIn(benchmarks, /processor time of the web process for each \| ([\d.]+) ms/),
  database: numberIn(benchmarks, /of PostgreSQL for each, .*? \| ([\d.]+) ms/),
  worker: numberIn(benchmarks, /of the worker for each file that it scored, .*? \| ([\d.]+) ms/),
  file: numberIn(benchmarks, /processor time of a file \| ([\d.]+) ms/),
  board: numberIn(benchmarks, /a number changed: .*? \| ([\d.]+) ms/),
  viewers: numberIn(benchmarks, /memory of the web process, with all of them \| ([\d.]+) MB/),
  backup: numberIn(benchmarks, /backup: time; size; most memory \| ([\d.]+) s/),
};

const pools = {
  web: numberIn(read('lib/db/web.ts'), /connections: (\d+)/),
  worker: numberIn(read('scoring/worker.ts'), /connections: (\d+)/),
  queue: numberIn(read('lib/queue.ts'), /max: (\d+),\n\s+\/\/ The owner migrates/),
  imports: numberIn(read('scoring/jobs/import-thread.ts'), /connections: (\d+)/),
};
/** Of news to a web; of boards and of jobs to a worker. */
const listening = { web: 1, worker: 2 };
const four = 4 * (pools.web + listening.web + pools.worker + pools.queue + listening.worker);

const seasonFiles = 1_000_000;
const upload = Math.round(measured.web + measured.database + measured.worker);
const computed = [
  ['an upload, in milliseconds', upload],
  ['fifty uploads a second, in processors', ((50 * upload) / 1000).toFixed(1)],
  ['all files of a season, in hours of a core', ((seasonFiles * measured.file) / 3_600_000).toFixed(1)],
  ['files of teams, packed by half, in GB', (seasonFiles * 132_000) / 2 / 1e9],
  ['four webs and four workers, in connections', four],
  ['the same while each imports', four + 4 * pools.imports],
  ...Object.entries(measured),
] as const;

/** A number of the page: with the comma of the language, and no part of a longer one. */
const says = (page: string, value: string | number, comma: string) =>
  [String(value), Number(value).toFixed(1)].some((text) =>
    new RegExp(`(?<![\\d.,])${text.replace('.', comma)}(?!\\d|[.,]\\d)`).test(page),
  );

test.each([
  ['en', '\\.'],
  ['ru', ','],
])('the plan of how far it scales (%s) is of the figures that were measured', (language, comma) => {
  const page = read(`docs/${language}/operators/scale.md`);
  expect(computed.filter(([, value]) => !says(page, value, comma))).toEqual([]);
  // The control.
  expect(says(page, four + 1, comma)).toBe(false);
  expect(says(page, 13.2, comma)).toBe(false);
});
