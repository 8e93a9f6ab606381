import type { Page } from '@playwright/test';

/** Of each visible element: its first letters, and the size of its letters on the screen in pixels, pictures scaled as they are. */
export function heightsOf(page: Page, selector: string): Promise<{ text: string; pixels: number }[]> {
  return page.locator(selector).evaluateAll((elements) =>
    elements
      .filter((element) => element.getClientRects().length > 0 && (element.textContent ?? '').trim() !== '')
      .map((element) => {
        const picture = element instanceof SVGElement ? element.ownerSVGElement : null;
        const scale = picture === null ? 1 : picture.getBoundingClientRect().width / picture.viewBox.baseVal.width;
        const pixels = Number.parseFloat(getComputedStyle(element).fontSize) * scale;
        return { text: (element.textContent ?? '').slice(0, 12), pixels };
      }),
  );
}

/** Of every visible line, by colour: borders, strokes and bars against the page. */
export function contrastOf(page: Page, selector: string): Promise<{ what: string; ratio: number }[]> {
  return page.locator(selector).evaluateAll((elements) => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string) => {
      const [r = 0, g = 0, b = 0] = channels(colour).map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paper = luminance(getComputedStyle(document.documentElement).backgroundColor);
    const ratios = new Map<string, number>();
    const add = (what: string, colour: string) => {
      if (!colour.startsWith('rgb') || channels(colour)[3] === 0) return;
      const [high, low] = [luminance(colour), paper].sort((a, b) => b - a) as [number, number];
      ratios.set(`${what} ${colour}`, (high + 0.05) / (low + 0.05));
    };
    for (const element of elements) {
      if (element.getClientRects().length === 0) continue;
      const style = getComputedStyle(element);
      const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
      for (const side of ['Top', 'Right', 'Bottom', 'Left'] as const) {
        const hasLine = style[`border${side}Style`] !== 'none' && Number.parseFloat(style[`border${side}Width`]) > 0;
        if (hasLine) add(name, style[`border${side}Color`]);
      }
      if (element instanceof SVGElement) {
        if (style.stroke !== 'none') add(name, style.stroke);
        if (element.tagName === 'rect') add(name, style.fill);
      }
    }
    return [...ratios].map(([what, ratio]) => ({ what, ratio }));
  });
}
