import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from '@playwright/test';
import { buildBundle, buildPages } from '../../bin/start/build.mjs';
import { isFresh } from '../../bin/start/sources.mjs';
import config from '../../playwright.config.ts';
import setup from '../e2e/setup.ts';
import { openReport, StepFailed } from '../report.ts';
import { runContest } from './contest.ts';
import { gradeCourse } from './course.ts';
import { runEvening } from './evening.ts';
import { openCompetition, openCourse } from './opening.ts';

/*
 * `npm run season`: a whole season of the course in a browser, from an empty installation to exported grades, on the built product with a
 * clock that is moved: a competition is opened, twelve teams hand in, the board freezes, teams talk, the result is revealed and grades
 * follow. Every number that is shown is foretold from the files that were handed in.
 */

async function season(browser: Browser): Promise<number> {
  const report = openReport();
  try {
    const stage = await openCompetition(browser, report);
    await openCourse(stage, report);
    await runContest(stage, report);
    await runEvening(stage, report);
    await gradeCourse(stage, report);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(error.message);
    await takePictures(browser);
  }
  return report.end();
}

/** Of every page that is open, to see where it stopped. */
async function takePictures(browser: Browser): Promise<void> {
  const folder = join('test-results', 'season');
  mkdirSync(folder, { recursive: true });
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [i, page] of pages.entries()) {
    await page.screenshot({ path: join(folder, `${i + 1}.png`), fullPage: true }).catch(() => {});
    console.error(`${folder}/${i + 1}.png: ${page.url()}`);
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const building = (name: string) => ({
  env: process.env,
  logFile: join(root, 'dist', `${name}.log`),
  signal: new AbortController().signal,
});
if (!isFresh(root, 'bundle')) await buildBundle(root, building('bundle'));
await buildPages(root, building('pages'));

const stop = await setup();
const browser = await chromium.launch(config.use?.launchOptions ?? {});
try {
  process.exitCode = await season(browser);
} finally {
  await browser.close();
  await stop();
}
