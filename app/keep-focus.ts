/*
 * Where the keyboard goes on when what it stood on is gone: a button whose panel an answer took away, a link to a page that has come, a
 * button that waits or leads no further. Browsers give the focus to nothing then, and a screen reader falls silent or begins anew.
 */

/** Rows, dialogs and buttons come back within it where they come back at all. */
const graceMilliseconds = 400;
const controls = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)';

/** What has the focus, and all that it stands in, from the inside out: known once it is gone. */
type Held = { element: HTMLElement; above: HTMLElement[] };

/** Follows the focus of a page and gives it a place whenever it is lost. Returns how to stop. */
export function keepFocus(page: Document): () => void {
  let held: Held | null = null;
  /** Where it was put in place of a control that cannot be used now. */
  let substitute: Element | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLost = () => page.activeElement === null || page.activeElement === page.body;

  const onFocus = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement && target !== substitute) held = { element: target, above: above(target) };
  };
  const onBlur = () => {
    // Whoever leaves by a click beside it wants nothing kept.
    setTimeout(() => {
      if (isLost() && held !== null && isUsable(held.element)) held = null;
    });
  };
  const land = () => {
    timer = undefined;
    if (held === null || !isLost() || isWaiting(held.element)) return;
    substitute = placeFor(held);
    if (substitute instanceof HTMLElement) focusOn(substitute);
  };
  const onChange = () => {
    if (held === null) return;
    const isAway = isLost() || (substitute !== null && page.activeElement === substitute && held.element.isConnected);
    if (isAway && isUsable(held.element)) {
      substitute = null;
      held.element.focus({ preventScroll: true });
    } else if (isLost()) timer ??= setTimeout(land, graceMilliseconds);
  };

  const observer = new MutationObserver(onChange);
  const attributeFilter = ['disabled', 'hidden', 'open', 'aria-busy'];
  observer.observe(page.body, { childList: true, subtree: true, attributes: true, attributeFilter });
  page.addEventListener('focusin', onFocus);
  page.addEventListener('focusout', onBlur);
  return () => {
    observer.disconnect();
    clearTimeout(timer);
    page.removeEventListener('focusin', onFocus);
    page.removeEventListener('focusout', onBlur);
  };
}

function above(element: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let box = element.parentElement; box !== null; box = box.parentElement) found.push(box);
  return found;
}

function isUsable(element: HTMLElement): boolean {
  return element.isConnected && element.checkVisibility() && !element.matches(':disabled');
}

/** For an answer: it comes back then. */
function isWaiting(element: HTMLElement): boolean {
  return element.isConnected && element.closest('[aria-busy="true"]') !== null;
}

/** Beside a control that leads no further the next one; in the place of what is gone the heading of the part that is still there. */
function placeFor({ element, above }: Held): Element | null {
  const selector = element.isConnected ? controls : 'h1, h2, h3';
  for (const box of above.filter((one) => one.isConnected)) {
    const found = [...box.querySelectorAll<HTMLElement>(selector)].find((one) => one.checkVisibility());
    if (found !== undefined) return found;
  }
  return null;
}

function focusOn(element: HTMLElement): void {
  if (element.tabIndex < 0) {
    element.tabIndex = -1;
    // Only now: a click on a heading focuses nothing.
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus();
}
