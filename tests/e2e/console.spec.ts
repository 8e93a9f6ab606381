import { expect, type Page, test } from '@playwright/test';
import { eq, sql } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { competitions, users } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, anUpload, aPredictionsFile, aTeam, aTestSplit, tenUtterances } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn } from './people.ts';

/*
 * An organiser on the day of the event: what could not be scored goes back into the queue, and the rules are made clearer.
 */

test.use({ locale: 'ru-RU' });
const t = translator('ru');
const brief = t('organise.brief-ru');

test('an organiser retries a failed file and edits the brief beside its preview, losing nothing', async ({ page }) => {
  test.setTimeout(90_000);
  const slug = ofThisTry('retried');
  await aFailedFile(slug);
  await signedIn(page, await anOrganiserOf(slug));
  await page.goto(`${origin()}/organise/${slug}`);
  const waiting = { name: t('console.waiting-failures', { count: 1 }), exact: true };
  await expect(page.getByRole('link', waiting)).toBeVisible();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: `${t('console.retry')}: predictions.csv, Эхо` }).click();
  await expect(page.getByText(t('console.retried', { count: 1 }))).toBeVisible();
  await expect(page.getByText(t('organise.failures-none'))).toBeVisible();
  // The page follows by itself: the worker scores it.
  await expect(page.locator('dl').getByText('1', { exact: true }).first()).toBeVisible({ timeout: 20_000 });

  await page.setViewportSize({ width: 390, height: 844 });
  const menu = page.getByRole('navigation', { name: t('people.console') });
  await menu.getByText(t('console.overview')).first().click();
  await menu.getByRole('link', { name: t('console.texts'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('console.texts') })).toBeVisible();
  const field = page.getByLabel(brief, { exact: true });
  await field.fill('# Что нового\n\n**Речь** <script>alert(1)</script> [ссылка](javascript:alert(1))');
  const preview = page.getByRole('region', { name: `${t('console.preview')}: ${brief}` });
  await expect(preview.getByRole('heading', { name: 'Что нового' })).toBeVisible();
  expect(await preview.innerHTML()).not.toMatch(/script/);
  await expectNoBarriers(page);

  await page
    .getByRole('button', { name: t('console.in-english') })
    .first()
    .click();
  await page.getByLabel(t('organise.brief-en'), { exact: true }).fill('# News');
  await page.reload();
  await expect(page.getByText(t('console.draft-restored')).first()).toBeVisible();
  await expect(field).toHaveValue(/Что нового/);
  await page.getByRole('button', { name: t('organise.save'), exact: true }).click();
  // Said above the draft and in passing; the word stands within longer ones, too.
  await expect(page.getByText(t('organise.saved'), { exact: true }).first()).toBeVisible();
  await expect(page.getByText(t('console.draft-restored'))).toHaveCount(0);
  await page.goto(`${origin()}/c/${slug}`);
  await expect(page.getByRole('heading', { name: 'Что нового' })).toBeVisible();
});

test('of two organisers at once each saves what they changed; the same date is taken once', async ({ page }) => {
  const slug = ofThisTry('two-organisers');
  const owner = ownerDatabase();
  const { id } = await aCompetition(owner, { slug });
  await signedIn(page, await anOrganiserOf(slug));
  const other = await page.context().newPage();
  const field = (on: Page, name: 'submissionsEndAt' | 'freezesAt') => on.getByLabel(t(`organise.field-${name}`));
  const save = async (on: Page) => on.getByRole('button', { name: t('organise.save'), exact: true }).click();
  for (const each of [page, other]) {
    await each.goto(`${origin()}/organise/${slug}/timeline`);
    await each.getByLabel(t('organise.reason')).fill('так решили');
  }
  const ends = async () => (await owner.select().from(competitions).where(eq(competitions.id, id)))[0]!;
  const { submissionsEndAt: before } = await ends();

  await field(page, 'submissionsEndAt').fill('2031-05-01T12:00');
  await save(page);
  await expect(page.getByText(t('organise.saved'), { exact: true }).first()).toBeVisible();
  await field(other, 'freezesAt').fill('2031-04-30T12:00');
  await save(other);
  await expect(other.getByText(t('organise.saved'), { exact: true }).first()).toBeVisible();
  const after = await ends();
  expect(after.submissionsEndAt.getTime()).toBeGreaterThan(before.getTime());
  expect(after.freezesAt).not.toBeNull();

  await field(page, 'freezesAt').fill('2031-04-29T12:00');
  await save(page);
  await expect(page.getByText(t('common.error-changed-meanwhile'))).toBeVisible();
  await expect(field(page, 'freezesAt')).toHaveValue('2031-04-29T12:00');
  expect(await ends()).toEqual(after);
});

test('an assistant sees how the event is doing, and nothing to set or to retry', async ({ page }) => {
  const slug = ofThisTry('assisted');
  await aFailedFile(slug);
  await signedIn(page, await anOrganiserOf(slug, 'assistant'));
  await page.goto(`${origin()}/organise/${slug}`);
  await expect(page.getByText('predictions.csv')).toBeVisible();
  await expect(page.getByRole('button', { name: t('console.retry') })).toHaveCount(0);
  const menu = page.getByRole('navigation', { name: t('people.console') });
  await expect(menu.getByRole('link', { name: t('console.teams'), exact: true })).toBeVisible();
  await expect(menu.getByRole('link', { name: t('console.labels') })).toHaveCount(0);
  expect((await page.goto(`${origin()}/organise/${slug}/texts`))?.status()).toBe(404);
});

test('an organiser finds every file of a team on its page, and comes back to it', async ({ page }) => {
  const slug = ofThisTry('team-files');
  await aFailedFile(slug);
  await signedIn(page, await anOrganiserOf(slug));
  await page.goto(`${origin()}/organise/${slug}/teams`);
  await page.getByRole('link', { name: 'Эхо', exact: true }).click();
  const team = page.getByRole('heading', { level: 1, name: 'Эхо' });
  await expect(team).toBeVisible();
  await expectNoBarriers(page);
  await page.getByRole('link', { name: 'predictions.csv', exact: true }).click();
  await expect(page.getByRole('button', { name: t('upload.void'), exact: true })).toBeVisible();
  await page.getByRole('link', { name: t('upload.to-team') }).click();
  await expect(team).toBeVisible();
});

test('a criterion named in one language is read in both, and none without a name is taken', async ({ page }) => {
  const slug = ofThisTry('criterion');
  await aCompetition(ownerDatabase(), { slug, nameRu: 'Речь', nameEn: 'Speech' });
  await signedIn(page, await anOrganiserOf(slug));
  await page.goto(`${origin()}/organise/${slug}/defence/jury`);
  const add = page.getByRole('button', { name: t('jury.criterion-add') });
  await add.click();
  await expect(page.getByText(t('common.error-course-setting', { field: t('jury.name-ru') }))).toBeVisible();
  await page.getByLabel(t('jury.name-ru')).fill('Ясность');
  await add.click();
  await expect(page.getByText('Ясность · Ясность')).toBeVisible();
});

/** A published competition whose one file the platform could not score. */
async function aFailedFile(slug: string): Promise<void> {
  const owner = ownerDatabase();
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug, nameRu: 'Речь', nameEn: 'Speech' }));
  const { people } = await aTeam(owner, competition, { name: 'Эхо' });
  // Before it can be seen by a worker.
  await owner.transaction(async (tx) => {
    const upload = anUpload(competition, people[0]!, { bytes: aPredictionsFile(tenUtterances, 4) });
    const { submission } = await createSubmission(tx, upload);
    await tx.execute(sql`
      update submissions set state = 'failed', failure = 'internal', attempt = 3, finished_at = rostrum_now()
      where id = ${submission.id}`);
  });
}

async function anOrganiserOf(slug: string, role: 'organiser' | 'assistant' = 'organiser') {
  const owner = ownerDatabase();
  const person = await aMember();
  const rows = await owner.select().from(users).where(eq(users.emailKey, person.email.toLowerCase()));
  const { rows: found } = await owner.execute<{ id: string }>(sql`select id from competitions where slug = ${slug}`);
  await grantRole(owner, found[0]!.id, rows[0]!.id, role, { actorId: null });
  return person;
}
