// @ts-check
import { show } from './reveal.js';

/*
 * The reveal on the audience's page: what has been opened comes with the event itself, so that a full hall fetches nothing.
 */

/** @typedef {import('../lib/reveal.ts').RevealState} RevealState */

/** The document shows the step already. */
export function enter() {}

/**
 * Draws a step when it is told. The board, which is not shown now, is somebody else's to fetch once it is.
 * @param {HTMLElement} main
 * @param {string} kind
 * @param {string} body
 */
export function take(main, kind, body) {
  if (kind === 'board') return true;
  if (kind !== 'reveal') return false;
  /** @type {RevealState} */
  const state = JSON.parse(body);
  if (!state.isShown) return false;
  show(main, state, JSON.parse(main.dataset.words ?? '{}'));
  return true;
}
