import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * unit: pure, no database, no network: part of `npm run check`. database: a real PostgreSQL, one database per file
 * (tests/db.ts). system: whole processes that are started, killed and looked for, one file at a time. Browser tests are
 * Playwright's (playwright.config.ts).
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'database',
          include: ['tests/database/**/*.test.ts'],
          globalSetup: ['tests/postgres.ts'],
          // They wait for leases and processes as long as they compute. Three keep within the 200 connections of the server.
          maxWorkers: Math.max(2, Math.min(3, availableParallelism())),
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/system/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          // Its bounds are seconds of real time, and a shared machine may stall for as long once.
          retry: process.env.CI ? 1 : 0,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
