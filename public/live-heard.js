// @ts-check
import { boardNews } from './spoken-news.js';

/*
 * What somebody hears of the audience's page who does not see it change. A reveal speaks for itself (public/reveal.js).
 */

/** @typedef {import('./spoken-news.js').Line} Line */
/**
 * `standing`: what can be done now, whether the board is frozen; `title`: whose talk it is, or what the table is; `lines`: null where no
 * board is shown.
 * @typedef {{ standing: readonly string[], title: string, lines: readonly Line[] | null }} Heard
 */

/**
 * @param {Document} page
 * @returns {Heard}
 */
export function heardOf(page) {
  const read = (/** @type {string} */ selector) => [...page.querySelectorAll(selector)].map(textOf);
  return {
    standing: read('header p:not(.clock)'),
    title: read('.talk-part, .talk h2, .talk-title, .first caption').join('. '),
    lines: page.querySelector('.board-scene') && [...page.querySelectorAll('tr[data-team]')].map(lineOf),
  };
}

/**
 * Null where nothing of it changed.
 * @param {Heard} before
 * @param {Heard} after
 * @param {import('./spoken-news.js').Words} words
 */
export function newsOf(before, after, words) {
  const sentences = after.standing.filter((sentence) => !before.standing.includes(sentence));
  if (after.title !== '' && after.title !== before.title) sentences.push(after.title);
  const board = before.lines && after.lines && boardNews(before.lines, after.lines, words);
  if (board !== null) sentences.push(board);
  if (sentences.length === 0) return null;
  return sentences.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)).join(' ');
}

/**
 * @param {Element} row
 * @returns {Line}
 */
function lineOf(row) {
  const place = row.querySelector('.place')?.firstChild?.textContent ?? '';
  return {
    teamId: /** @type {HTMLElement} */ (row).dataset.team ?? '',
    team: row.querySelector('bdi')?.textContent ?? '',
    wer: row.querySelector('.rate b')?.textContent ?? null,
    place: /\d/.test(place) ? place : null,
  };
}

/**
 * Without signs that are there to be seen alone.
 * @param {Element} element
 */
function textOf(element) {
  return [...element.childNodes]
    .filter((node) => !(node instanceof Element && node.matches('[aria-hidden=true]')))
    .map(({ textContent }) => textContent)
    .join('')
    .trim();
}
