import { expect, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { users } from '#lib/db/schema.ts';
import commonInEnglish from '#lib/messages/en/common.json' with { type: 'json' };
import inEnglish from '#lib/messages/en/failure.json' with { type: 'json' };
import commonInRussian from '#lib/messages/ru/common.json' with { type: 'json' };
import inRussian from '#lib/messages/ru/failure.json' with { type: 'json' };
import { aCompetition } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn } from './people.ts';

for (const [locale, texts, common] of [
  ['ru-RU', inRussian, commonInRussian],
  ['en-GB', inEnglish, commonInEnglish],
] as const) {
  test.describe(locale, () => {
    test.use({ locale });

    test('a page that fails shows the id of the request that failed, and after a new try that of the try', async ({
      page,
    }) => {
      const slug = ofThisTry(`broken-${locale.slice(0, 2)}`);
      // No time can be printed in such a zone; only its organiser can open the draft.
      const broken = await aCompetition(ownerDatabase(), { slug, publishedAt: null, timeZone: 'Nowhere/None' });
      const organiser = await aMember();
      const [{ id } = { id: '' }] = await ownerDatabase().select().from(users).where(eq(users.email, organiser.email));
      await grantRole(ownerDatabase(), broken.id, id, 'organiser', { actorId: null });
      await signedIn(page, organiser);
      const address = `${origin()}/organise/${slug}/timeline`;
      const answer = await page.goto(address);
      expect(answer?.status()).toBe(500);
      const number = page.getByText(texts.number).locator('code');
      const first = answer!.headers()['x-request-id']!;
      await expect(number).toHaveText(first);
      await expectNoBarriers(page);
      const asked = page.waitForResponse((response) => new URL(response.url()).pathname === new URL(address).pathname);
      await page.getByRole('button', { name: texts.retry }).click();
      const again = (await asked).headers()['x-request-id']!;
      expect(again).not.toBe(first);
      await expect(number).toHaveText(again);
    });

    test('a page that finds nothing says so, and its scripts have nothing to mend', async ({ page }) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
      const address = `${origin()}/c/${ofThisTry('nothing')}/board`;
      const answer = await page.goto(address);
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(common['not-found']);
      expect(page.url()).toBe(address);
      expect(await page.title()).toBe(`${common['not-found']} · Rostrum`);
      await expectNoBarriers(page);
      await page.getByRole('link', { name: common['not-found-home'], exact: true }).click();
      await page.waitForURL(`${origin()}/`);
      expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    });
  });
}
