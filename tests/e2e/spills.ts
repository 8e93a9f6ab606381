import type { Page } from '@playwright/test';

/**
 * What does not fit: a page wider than its window, text that its box cuts off and does not let be scrolled to, and what stands still over
 * the page and leaves less than half of it. Tables, code and pictures may scroll sideways in their own box.
 */
export function spillsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
    const wider = root.scrollWidth - root.clientWidth;
    /** By the nearest box that scrolls or cuts, so that what scrolls inside of one is no cause. */
    const isInScroller = (element: Element): boolean => {
      for (let box = element.parentElement; box !== null && box !== document.body; box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== 'visible') return true;
      }
      return false;
    };
    const all = [...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility());
    if (wider > 0) {
      const causes = all.filter(
        (element) => element.getBoundingClientRect().right > root.clientWidth + 0.5 && !isInScroller(element),
      );
      found.push(`${wider}px wider: ${causes.slice(-3).map(name).join(', ')}`);
    }
    for (const element of all) {
      if (!(element instanceof HTMLElement) || element.clientWidth <= 1) continue;
      const { overflowX, overflowY, textOverflow, position, textIndent } = getComputedStyle(element);
      // Words that are read out only.
      if (element.matches('.sr-only:not(:focus)') || Number.parseFloat(textIndent) !== 0) continue;
      const cuts = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
      const isCut =
        (cuts(overflowX) && textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1) ||
        (cuts(overflowY) && textOverflow !== 'ellipsis' && element.scrollHeight > element.clientHeight + 1);
      if (isCut) found.push(`cut off: ${name(element)}`);
      if (position === 'fixed' || position === 'sticky') {
        const { width, height } = element.getBoundingClientRect();
        if (width * height > (innerWidth * innerHeight) / 2) found.push(`covers: ${name(element)}`);
      }
    }
    return found;
  });
}

/** As somebody sets it who reads better so (WCAG 1.4.12). By the page's own means: its policy lets no other style sheet in. */
export function spaceOut(page: Page): Promise<void> {
  return page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
      p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets.push(sheet);
  });
}
