// @ts-check
import { show } from './reveal.js';

/*
 * Walks through steps that are all at hand: in the file that needs no network, and in a rehearsal.
 */

/** @typedef {import('../lib/reveal.ts').RevealStep} RevealStep */
/** @typedef {import('../lib/reveal-words.ts').RevealWords} Words */

/** Keys of keyboards and of presenters' remotes, and how far they go. @type {Record<string, number>} */
const strides = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

/**
 * Shows the first step, and goes on by keys and by buttons with `data-move`.
 * @param {HTMLElement} main
 * @param {readonly RevealStep[]} steps
 * @param {Words} words
 */
export function play(main, steps, words) {
  let position = 0;
  const go = (/** @type {number} */ to) => {
    const next = Math.max(0, Math.min(steps.length - 1, to));
    if (next === position && main.querySelector('.frame') !== null) return;
    position = next;
    show(main, { steps, position }, words);
  };
  document.addEventListener('keydown', (event) => {
    const to = { Home: 0, End: steps.length - 1 }[event.key] ?? position + (strides[event.key] ?? 0);
    const isOnButton = event.key === ' ' && event.target instanceof HTMLButtonElement;
    if (to === position || isOnButton || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(to);
  });
  for (const button of document.querySelectorAll('button[data-move]')) {
    button.addEventListener('click', () => go(position + (button.getAttribute('data-move') === 'back' ? -1 : 1)));
  }
  go(0);
}
