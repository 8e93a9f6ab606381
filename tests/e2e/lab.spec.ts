import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page, type Route, test } from '@playwright/test';
import { pinBaseline } from '#lib/db/baseline.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { translator } from '#lib/messages/translate.ts';
import { expectNoBarriers } from './barriers.ts';
import { aContest, type Contest, predictions } from './contest.ts';
import { aMember, origin, ownerDatabase, signedIn } from './people.ts';

/*
 * A team looks into its errors on the open split: from the upload to the file that is taken along.
 */

test.use({ locale: 'ru-RU' });
const t = translator('ru');
let contest: Contest;

test.beforeAll(async () => {
  contest = await aContest('lab');
});

test('a team uploads for dev, sees and hears every error, compares two files and takes the analysis along', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const lab = `${origin()}/c/${contest.slug}/lab`;
  await page.goto(lab);
  await expect(page.getByText(t('lab.sign-in-first'), { exact: true })).toBeVisible();
  await signedIn(page, await aMember());
  await joinAs(page, 'Тихий час');

  await page.goto(lab);
  await expect(page.getByText(t('lab.empty'), { exact: true })).toBeVisible();
  await expectNoBarriers(page);
  await page.getByRole('link', { name: t('lab.upload') }).click();
  await expect(page.getByRole('radio', { name: t('upload.split-dev') })).toBeChecked();
  await choose(page, 'first.csv', 2);
  const here = page.getByRole('region', { name: t('upload.score-here') });
  await expect(here).toContainText('40,0 %');
  await expect(here).toContainText('6 · 0 · 0');
  await expectNoBarriers(page);
  await send(page);
  await page.getByRole('link', { name: t('upload.receipt-lab') }).click();

  const shown = page.locator('#utterance');
  await expect(shown.getByText(t('lab.substitution'), { exact: true })).toHaveCount(2, { timeout: 20_000 });
  await expect(page.getByText('40,0 %').first()).toBeVisible();
  const sound = await page.locator('audio').getAttribute('src');
  expect((await page.request.get(`${origin()}${sound}`)).headers()['content-type']).toBe('audio/wav');
  await expect(shown.getByRole('img', { name: t('lab.waveform', { id: 'u09' }) })).toBeVisible();
  await expect(shown.getByRole('img', { name: t('lab.spectrogram', { id: 'u09' }) })).toBeVisible();

  await page.getByLabel(t('lab.sort')).selectOption('id');
  await page.getByLabel(t('lab.slice')).selectOption({ label: 'noise: да' });
  await page
    .getByRole('region', { name: t('lab.list') })
    .getByRole('button', { name: t('lab.show') })
    .click();
  await expect(page.getByRole('region', { name: t('lab.list') }).getByRole('listitem')).toHaveCount(2);
  await expect(shown.getByRole('heading', { name: 'u09' })).toBeVisible();
  await shown.getByRole('link', { name: t('lab.next') }).click();
  await expect(shown.getByRole('heading', { name: 'u11' })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('utterance')).toBe('u11');
  await page.getByRole('link', { name: t('lab.list-reset') }).click();
  await page.getByRole('link', { name: 'проверка мимо' }).click();
  await expect(page.getByText(t('lab.has', { error: 'проверка → мимо' }))).toBeVisible();

  await page.goto(`${origin()}/c/${contest.slug}/submit?split=dev`);
  // One error is left, since files that differ everywhere alike cannot be told apart.
  await upload(page, 'second.csv', 0, (text) => text.replace('проверка', 'мимо'));
  await page.getByRole('link', { name: t('upload.receipt-lab') }).click();
  await page.getByLabel(t('lab.against')).selectOption({ index: 2 });
  await page
    .getByRole('button', { name: t('lab.show') })
    .first()
    .click();
  await expect(page.getByText(t('lab.comparison-better', { first: 'second.csv', second: 'first.csv' }))).toBeVisible();
  await expect(page.getByText('−33,3 п.п.').first()).toBeVisible();
  await expectNoBarriers(page);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: t('lab.csv') }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('second-errors.csv');
  expect(
    readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n'),
  ).toHaveLength(contest.dev.size + 1);
});

/** A file in which every kind of error stands, and an answer of more words than the reference. */
const oddly = (text: string) =>
  text
    .replace('проверка', 'проверка, проверка!')
    .replace(/ приём \S+\n$/, '\n')
    .replace('связи', 'Связи ёлки');

for (const isRefused of [false, true]) {
  const where = isRefused ? 'by plain TypeScript where WebAssembly is refused' : 'in WebAssembly';
  test(`a file is scored in the browser ${where}, as the server scores it`, async ({ page }) => {
    test.setTimeout(120_000);
    await signedIn(page, await aMember());
    await joinAs(page, isRefused ? 'Без байт-кода' : 'С байт-кодом');
    const refusals: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('No WebAssembly here')) refusals.push(message.text());
    });
    if (isRefused) await page.route('**/_next/static/**/*.js*', withoutWebAssembly);
    const fetched = page.waitForResponse(/kernel\.[^/]*\.wasm$/);
    await page.goto(`${origin()}/c/${contest.slug}/submit?split=dev`);
    await choose(page, 'odd.csv', 1, oddly);
    expect((await fetched).status()).toBe(200);
    const here = await countsIn(page.getByRole('region', { name: t('upload.score-here') }));
    expect(refusals.length > 0).toBe(isRefused);
    const sent = await send(page);

    await expect.poll(async () => (await submission(page, sent)).state, { timeout: 30_000 }).toBe('scored');
    const { score } = await submission(page, sent);
    const { substitutions, deletions, insertions } = score.dev.words;
    expect(here).toEqual([substitutions, deletions, insertions]);
    expect(Math.min(...here)).toBeGreaterThan(0);
  });
}

test('shows the same without JavaScript', async ({ browser, page }) => {
  await signedIn(page, await aMember());
  await joinAs(page, 'Без скриптов');
  await page.goto(`${origin()}/c/${contest.slug}/submit?split=dev`);
  await upload(page, 'plain.csv', 1);
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    locale: 'ru-RU',
    storageState: await page.context().storageState(),
  });
  const reader = await plain.newPage();
  const substitution = reader.locator('#utterance').getByText(t('lab.substitution'), { exact: true });
  await expect(async () => {
    await reader.goto(`${origin()}/c/${contest.slug}/lab`);
    await expect(substitution).toHaveCount(1, { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await reader.getByLabel(t('lab.sort')).selectOption('length');
  await reader.getByRole('button', { name: t('lab.show') }).click();
  expect(new URL(reader.url()).searchParams.get('sort')).toBe('length');
  await expect(substitution).toHaveCount(1);
  await plain.close();
});

// Last: from here on, every team's lab has another file to choose.
test('the baseline’s file for dev is there to be looked into, before a team has any of its own', async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page, await aMember());
  await joinAs(page, 'Пока без файлов');
  await pinForDev(predictions(contest.dev, 1));
  const open = page.getByRole('link', { name: t('lab.open-baseline') });
  await expect(async () => {
    await page.goto(`${origin()}/c/${contest.slug}/lab`);
    await expect(open).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await open.click();
  const shown = t('lab.summary', { file: t('lab.baseline'), utterances: contest.dev.size });
  await expect(page.getByRole('heading', { name: shown })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('20,0 %').first()).toBeVisible();
});

async function pinForDev(bytes: Buffer): Promise<void> {
  const { id } = await getCompetition(ownerDatabase(), contest.slug);
  const about = { name: 'Базовое решение', fileName: 'baseline.csv', note: '', codeLink: null };
  const sha256 = createHash('sha256').update(bytes).digest();
  const parsed = { format: 'csv', warnings: [] };
  await pinBaseline(ownerDatabase(), id, { ...about, split: 'dev', bytes, sha256, parsed }, { actorId: null });
}

async function joinAs(page: Page, team: string): Promise<void> {
  await page.goto(`${origin()}/c/${contest.slug}/rules`);
  await page.getByRole('button', { name: t('competition.accept') }).click();
  // Whoever goes on before the answer is there takes the request back.
  await expect(page.getByText(t('competition.accept-title'))).toBeHidden();
  await page.goto(`${origin()}/c/${contest.slug}/team`);
  await page.getByLabel(t('team.name'), { exact: true }).fill(team);
  await page.getByRole('button', { name: t('team.create') }).click();
  await expect(page.getByRole('heading', { name: team })).toBeVisible();
}

async function upload(page: Page, name: string, wrong: number, edit = (text: string) => text): Promise<void> {
  await choose(page, name, wrong, edit);
  await send(page);
}

async function choose(page: Page, name: string, wrong: number, edit = (text: string) => text): Promise<void> {
  const buffer = Buffer.from(edit(predictions(contest.dev, wrong).toString()));
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await expect(page.getByText(t('upload.sound'))).toBeVisible();
}

/** The submission's id. */
async function send(page: Page): Promise<string> {
  await page.getByRole('button', { name: t('upload.send'), exact: true }).click();
  await expect(page.getByText(t('upload.receipt'), { exact: true })).toBeVisible();
  const address = await page.getByRole('link', { name: t('upload.receipt-open') }).getAttribute('href');
  return address?.split('/').at(-1) ?? '';
}

async function submission(page: Page, id: string) {
  return (await page.request.get(`${origin()}/api/v1/submissions/${id}`)).json();
}

/** Substitutions, deletions, insertions, as people read them. */
async function countsIn(region: Locator): Promise<number[]> {
  const shown = /(\d+) · (\d+) · (\d+)/.exec((await region.textContent()) ?? '');
  return (shown ?? []).slice(1).map(Number);
}

/** The same script under a policy that lets no WebAssembly run. */
async function withoutWebAssembly(route: Route): Promise<void> {
  const response = await route.fetch();
  const headers = { ...response.headers(), 'content-security-policy': "script-src 'self'; connect-src 'self'" };
  await route.fulfill({ response, headers });
}
