import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { readSnapshot } from '#lib/board.ts';
import { provideDemoSpeech } from '#lib/datasets/demo-speech.ts';
import { getBoard } from '#lib/db/boards.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { inFolder } from '#lib/objects.ts';
import { type DemoSignIn, seedDemo } from '../../bin/demo/seed.ts';
import { aDemoSpeech } from '../demo-speech.ts';
import { type Picture, pictureFile, pictureLanguages, pictures } from '../pictures.ts';
import { origin, ownerDatabase, signedIn } from './people.ts';

/*
 * The walk through the demo to every picture of the documentation. It is walked in every run, so that no picture shows what is no
 * longer there; `npm run screenshots` has them written, with the demo's real recordings.
 */

const isWriting = process.env.ROSTRUM_SCREENSHOTS === '1';
const folder = join(import.meta.dirname, '../../docs/images');
/** The baseline transcribes the demo meanwhile; with real recordings that is minutes on a busy machine. */
const boardLimitMs = isWriting ? 600_000 : 50_000;

test.describe.configure({ mode: 'serial', timeout: boardLimitMs + 10_000 });

let signIns: DemoSignIn[];

test('the demo is there to be walked through', async () => {
  const { ROSTRUM_HOME: home } = JSON.parse(process.env.ROSTRUM_TEST_OWNER ?? '{}') as { ROSTRUM_HOME: string };
  const provided = isWriting ? await provideDemoSpeech(home, () => {}) : null;
  const speech = provided?.status === 'ready' ? provided.speech : aDemoSpeech(home);
  signIns = await seedDemo(ownerDatabase(), { place: inFolder(home), speech, isAlone: false });
  const rows = async () =>
    readSnapshot((await getBoard(ownerDatabase(), await getCompetition(ownerDatabase(), 'demo'))).body).rows.length;
  await expect.poll(rows, { timeout: boardLimitMs }).toBeGreaterThanOrEqual(6);
});

for (const picture of pictures) {
  test(`${picture.name} is where its picture was taken`, async ({ browser }) => {
    const page = await open(browser, picture);
    for (const language of pictureLanguages) {
      for (const theme of picture.inDark ? (['light', 'dark'] as const) : (['light'] as const)) {
        await page.context().addCookies([
          { name: 'rostrum-language', value: language, url: origin() },
          { name: 'rostrum-theme', value: theme, url: origin() },
        ]);
        expect((await page.goto(`${origin()}${picture.path}`))?.status()).toBe(200);
        await expect(page.locator(picture.shows).filter({ visible: true }).first()).toBeVisible();
        if (picture.from !== undefined)
          await page.locator(picture.from).evaluate((element) => element.scrollIntoView());
        if (isWriting) await write(page, pictureFile(picture.name, language, theme));
      }
    }
    await page.context().close();
  });
}

/** A page of the size of the picture, of somebody who is signed in as it says. */
async function open(browser: Browser, { width, height, seenBy }: Picture): Promise<Page> {
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, locale: 'ru-RU', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const person = signIns.find(({ role }) => role === seenBy);
  if (person !== undefined) await signedIn(page, person);
  return page;
}

async function write(page: Page, file: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  const session = await page.context().newCDPSession(page);
  const { data } = (await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 })) as { data: string };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), Buffer.from(data, 'base64'));
}
