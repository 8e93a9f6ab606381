import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig, devices } from '@playwright/test';

/** Debian's where it is, best without windows, which takes a third less of the machine; else whatever Playwright has installed. */
const known = [process.env.CHROMIUM ?? '', '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = known.find((path) => path !== '' && existsSync(path));
/** It is not to call home. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Of those whose tests go on in one line the longest: begun first, they do not end after all others. */
const begunFirst = ['**/provider.spec.ts', '**/reveal.spec.ts'];

export default defineConfig({
  testDir: 'tests/e2e',
  globalSetup: './tests/e2e/setup.ts',
  projects: [
    { name: 'first', testMatch: begunFirst },
    { name: 'then', testIgnore: begunFirst },
  ],
  outputDir: 'test-results',
  // They wait for pages as long as they compute.
  workers: Math.min(availableParallelism() + 1, 4),
  timeout: 60_000,
  // As for whole processes: what waits for seconds of real time may find that a shared machine stalled once. It is told.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['list'], ['json']] : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    // A trace of every test takes a sixth of the time: asked for where one fails.
    trace: process.env.ROSTRUM_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args: quiet },
  },
});
