import type { Page } from '@playwright/test';

/*
 * Texts that try to be more than text, and what a page did with them.
 */

/** Shows itself by an element that it makes, a dialog, or a script that runs. */
export const polyglot = `"'></title></script></textarea><b data-planted>x</b><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}`;
export const laptop = { width: 1280, height: 900 };

/** What a page did with the texts in it, by the page itself. */
export type Trouble = { dialogs: string[]; planted: number; refused: string[] };

export async function watch(page: Page): Promise<() => Promise<Trouble>> {
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(window, { refused });
    // A script that the policy stops is markup that was taken for such.
    document.addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective));
  });
  return async () => {
    const seen = await page.evaluate(() => ({
      planted: document.querySelectorAll('[data-planted], img[src="x"], [onfocus], [onerror], a[href^="javascript:"]')
        .length,
      refused: (window as unknown as { refused?: string[] }).refused ?? [],
    }));
    return { dialogs, ...seen };
  };
}
