import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** That nobody is kept out by how they see, hear or operate a page: every rule of axe. */
export async function expectNoBarriers(page: Page): Promise<void> {
  await settled(page);
  // In the page itself: no page of ours holds a frame of another origin, and an extra page for the account doubles the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** A page's title is streamed after its text, and what is fading in has not its colours yet. */
async function settled(page: Page): Promise<void> {
  await expect(page).toHaveTitle(/\S/);
  await page.evaluate(() => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    return Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
