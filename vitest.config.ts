import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const cores = availableParallelism();

/** The longest: begun first, they do not go on alone when all others have ended. */
const begunFirst = [/database\/(api|interrupted-restore|workers)\.test\.ts$/, /system\/(access|start)\.test\.ts$/];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => begunFirst.some((pattern) => pattern.test(moduleId));
    return (await super.sort(files)).toSorted((a, b) => Number(isLong(b)) - Number(isLong(a)));
  }
}

/**
 * unit: pure, no database, no network, a moment each: part of `npm run check`. thorough: whole programs, training, fuzzing, the
 * limits of files: as pure, but seconds each. database: a real PostgreSQL, one database per file (tests/db.ts). system: whole
 * processes that are started, killed and looked for. faults: ten kills and what comes back after them. Browser tests are
 * Playwright's (playwright.config.ts).
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // Files share the modules of their worker, which are loaded once: loading them took longer than most tests.
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          isolate: false,
          maxWorkers: cores,
          // Types are checked and pages built at the same time.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'thorough',
          include: ['tests/thorough/**/*.test.ts'],
          isolate: false,
          maxWorkers: cores,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
          // As below, and told as there: whole programs may wait for a shared machine.
          retry: process.env.CI ? 1 : 0,
        },
      },
      {
        test: {
          name: 'database',
          include: ['tests/database/**/*.test.ts'],
          globalSetup: ['tests/postgres.ts'],
          setupFiles: ['tests/each-database-file.ts'],
          isolate: false,
          // They wait for leases and processes as long as they compute. Three keep within the 200 connections of the server.
          maxWorkers: Math.min(3, cores + 1),
          sequence: { groupOrder: 2 },
          // As below, and told as there: some wait for leases and clocks.
          retry: process.env.CI ? 1 : 0,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/system/**/*.test.ts'],
          // They wait for processes far longer than they compute, and each has its own.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
          // Its bounds are seconds of real time, and a shared machine may stall for as long once.
          retry: process.env.CI ? 1 : 0,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          sequence: { groupOrder: 4 },
          retry: process.env.CI ? 1 : 0,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
