import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** That nobody is kept out by how they see, hear or operate a page: every rule of axe. */
export async function expectNoBarriers(page: Page): Promise<void> {
  expect(await barriersOf(page)).toEqual([]);
}

/** The rules of axe that a page breaks, each with the elements that do. */
export async function barriersOf(page: Page): Promise<string[]> {
  await settled(page);
  return broken(quickly(page));
}

/** Of colours alone: in another theme the rest of a page is the same. */
export async function contrastBarriersOf(page: Page): Promise<string[]> {
  await settled(page);
  return broken(quickly(page).withRules(['color-contrast', 'link-in-text-block']));
}

/**
 * In the page itself: no page of ours holds a frame of another origin, and an extra page for the account doubles the time, as do selectors
 * of the elements.
 */
function quickly(page: Page): AxeBuilder {
  const options = { preload: false, iframes: false, selectors: false, resultTypes: ['violations' as const] };
  return new AxeBuilder({ page }).setLegacyMode(true).options(options);
}

async function broken(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
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
