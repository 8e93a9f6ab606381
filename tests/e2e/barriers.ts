import { expect, type Page } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';

/*
 * That nobody is kept out by how they see, hear or operate a page. By axe in the page itself: none of ours holds a frame of another
 * origin, which the Playwright package of it opens a page more for.
 */

const everyRule: RunOptions = {
  ...{ preload: false, iframes: false, selectors: false },
  ...{ reporter: 'no-passes', resultTypes: ['violations'] },
};
/** What can differ in another theme. */
const rulesOfColours: RunOptions = { ...everyRule, runOnly: ['color-contrast', 'link-in-text-block'] };

export async function expectNoBarriers(page: Page): Promise<void> {
  expect(await barriersOf(page)).toEqual([]);
}

/** The rules of axe that a page breaks, each with the elements that do. */
export async function barriersOf(page: Page): Promise<string[]> {
  // A page's title is streamed after its text.
  await expect(page).toHaveTitle(/\S/);
  await page.evaluate(axe.source);
  return broken(page, everyRule);
}

/** The same page in the dark, as to its colours. After `barriersOf`. */
export async function barriersInTheDark(page: Page): Promise<string[]> {
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  return broken(page, rulesOfColours);
}

/** What still moves on a page whose reader asked for as little motion as there can be, with the seconds that it takes. */
export function motionsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')].flatMap((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      const seconds = Math.max(...`${transitionDuration}, ${animationDuration}`.split(', ').map(Number.parseFloat));
      return seconds > 0.01 ? [`${element.tagName.toLowerCase()}.${element.getAttribute('class')}: ${seconds} s`] : [];
    }),
  );
}

function broken(page: Page, options: RunOptions): Promise<string[]> {
  return page.evaluate(async (given) => {
    const fading = () =>
      document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    // What is fading in has not its colours yet, and what inherits them fades after it.
    do {
      await new Promise(requestAnimationFrame);
      await Promise.allSettled(fading().map(({ finished }) => finished));
    } while (fading().length > 0);
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, given);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, options);
}
