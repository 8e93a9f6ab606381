import { expect, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { users } from '#lib/db/schema.ts';
import inEnglish from '#lib/messages/en/failure.json' with { type: 'json' };
import inRussian from '#lib/messages/ru/failure.json' with { type: 'json' };
import { aCompetition } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn } from './people.ts';

for (const [locale, texts] of [
  ['ru-RU', inRussian],
  ['en-GB', inEnglish],
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
  });
}
