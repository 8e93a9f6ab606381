import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition } from '../builders.ts';
import { aWav } from '../wav-files.ts';
import { expectNoBarriers } from './barriers.ts';
import { rostrum } from './contest.ts';
import { origin, ownerDatabase } from './people.ts';

/*
 * The audience speaks to the shipped model in its own browser. Chromium's microphone of its own beeps.
 */

test.use({
  locale: 'ru-RU',
  launchOptions: async ({ launchOptions }, use) => {
    const pretended = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...pretended] });
  },
});

const t = translator('ru');
const files = mkdtempSync(join(tmpdir(), 'rostrum-microphone-'));
let address: string;

test.beforeAll(async () => {
  const { slug } = await aCompetition(ownerDatabase());
  address = `${origin()}/live/${slug}/microphone`;
});
test.afterAll(() => rmSync(files, { recursive: true }));

/** Three voiced seconds, and noise between: nobody's words, but the network writes letters. */
function aSound(): string {
  const path = join(files, 'sound.wav');
  const data = Uint8Array.from({ length: 3 * 8000 * 2 }, (_, at) => {
    const i = at >> 1;
    const voice = [140, 280, 700, 1220, 2600].reduce(
      (sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * i) / 8000),
      0,
    );
    const sample = Math.round(2500 * voice * (i % 2400 < 1700 ? 1 : 0.02));
    return at % 2 === 0 ? sample & 255 : (sample >> 8) & 255;
  });
  writeFileSync(path, aWav({ data }));
  return path;
}

test('a file is written down in the browser as the command line writes it, and no sound is sent', async ({ page }) => {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' || request.postData() !== null) sent.push(request.url());
  });
  await listening(page);
  const sound = aSound();
  await page.locator('input[type=file]').setInputFiles(sound);
  await expect(page.getByText(t('microphone.took'))).toBeVisible();
  await expectNoBarriers(page);

  const texts = join(files, 'texts.csv');
  await rostrum('baseline', 'transcribe', sound, '--out', texts);
  const [, written] = /^sound,(.+)\r$/m.exec(readFileSync(texts, 'utf8')) ?? [];
  expect(written).toMatch(/^[а-я ]+$/);
  await expect(page.getByText(written!, { exact: true }).first()).toBeVisible();
  await rostrum('baseline', 'transcribe', sound, '--greedy', '--out', texts);
  const [, greedy] = /^sound,(.+)\r$/m.exec(readFileSync(texts, 'utf8')) ?? [];
  await expect(page.getByText(greedy!, { exact: true }).first()).toBeVisible();
  expect(sent).toEqual([]);
});

test('what is said is recorded, drawn and written down', async ({ page, context }) => {
  await context.grantPermissions(['microphone'], { origin: origin() });
  await listening(page);
  await page.getByRole('button', { name: t('microphone.record-start') }).click();
  await expect(page.getByText(/^Идёт запись: [1-9]/)).toBeVisible();
  await page.getByRole('button', { name: t('microphone.record-stop') }).click();
  await expect(page.getByText(t('microphone.took'))).toBeVisible();
  await expect(
    page.getByRole('img', { name: t('microphone.waveform', { name: t('microphone.own-voice') }) }),
  ).toBeVisible();
});

test('a file without sound is told so, and the page goes on', async ({ page }) => {
  await listening(page);
  const wrong = join(files, 'notes.txt');
  writeFileSync(wrong, 'ничего не слышно');
  await page.locator('input[type=file]').setInputFiles(wrong);
  await expect(page.getByText(t('microphone.problem-unreadable'))).toBeVisible();
  await page.locator('input[type=file]').setInputFiles(aSound());
  await expect(page.getByText(t('microphone.took'))).toBeVisible();
});

test('a microphone that is refused is explained, in English too', async ({ page }) => {
  await page.addInitScript(() => {
    const refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: refuse });
  });
  await listening(page);
  await page.getByRole('button', { name: t('microphone.record-start') }).click();
  await expect(page.getByText(t('microphone.cannot-denied'))).toBeVisible();
  await page.context().addCookies([{ name: 'rostrum-language', value: 'en', url: origin() }]);
  await page.reload();
  await expect(page.getByText(translator('en')('microphone.heading'))).toBeVisible();
});

async function listening(page: Page): Promise<void> {
  await page.goto(address);
  await expect(page.locator('[data-listener=ready]')).toBeVisible({ timeout: 30_000 });
}
