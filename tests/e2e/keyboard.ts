import { expect, type Locator, type Page } from '@playwright/test';

/*
 * Somebody who has a keyboard and nothing else.
 */

/** More presses than a page has stops. */
const mostStops = 150;

/**
 * Presses Tab until the wanted element has the focus. At every stop on the way the focus is somewhere, shown and on the screen; it never
 * stays where it was. `back` goes the other way.
 */
export async function tabTo(page: Page, wanted: Locator, { back = false } = {}): Promise<void> {
  await expect(wanted.first()).toBeAttached();
  for (let stop = 0; stop < mostStops; stop += 1) {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    // Past the last element the focus is in the browser's own bar, which has no page.
    const trouble = await troubleOfStop(page);
    expect(trouble, 'a stop of the keyboard').toBeNull();
    if (await wanted.first().evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`the keyboard does not come to ${wanted}`);
}

/** That the focus is somewhere, soon after what had it has done its work. */
export async function expectFocusKept(page: Page, timeout = 10_000): Promise<void> {
  const isSomewhere = () =>
    page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body);
  await expect.poll(isSomewhere, { timeout }).toBe(true);
}

/** What is wrong with where the focus is: it cannot be seen, lies beyond the screen, or was there a moment ago. */
export function troubleOfStop(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    const memory = window as unknown as { lastStop?: Element | null };
    const stays = memory.lastStop === focused && focused !== document.body && document.querySelectorAll('a').length > 1;
    memory.lastStop = focused;
    if (!(focused instanceof HTMLElement || focused instanceof SVGElement) || focused === document.body) return null;
    const name = `${focused.tagName} ${focused.getAttribute('class') ?? ''} ${(focused.textContent ?? '').trim().slice(0, 40)}`;
    // Fields of a date are several stops of one element.
    if (stays && focused.getAttribute('type') !== 'datetime-local') return `is held by ${name}`;
    // A file's field is read out, and its label is seen in its place.
    const seen = [focused, ...('labels' in focused ? Array.from((focused as HTMLInputElement).labels ?? []) : [])];
    const isShown = seen.some((element) => {
      const { outlineStyle, outlineWidth, boxShadow, outlineColor } = getComputedStyle(element);
      const hasOutline =
        outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1 && outlineColor !== 'transparent';
      return hasOutline || boxShadow !== 'none';
    });
    if (!isShown) return `nothing shows that it is at ${name}`;
    const isOnScreen = seen.some((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    });
    return isOnScreen ? null : `is beyond the screen at ${name}`;
  });
}
