// @ts-check
import { play } from './reveal-player.js';

/*
 * A rehearsal in the organiser's own browser: with made-up steps that came with the document, or with the real ones, which the scoring
 * side hands to this organiser alone once a reason is given.
 */

const { steps, words, desk, unreachable } = JSON.parse(document.getElementById('data')?.textContent ?? '{}');
const main = document.querySelector('main');
const form = document.getElementById('open');
const problem = document.getElementById('problem');

/** @param {readonly import('../lib/reveal.ts').RevealStep[]} given */
function begin(given) {
  form?.remove();
  document.querySelector('footer')?.removeAttribute('hidden');
  if (main !== null) play(main, given, words);
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = document.getElementById('reason');
  if (!(field instanceof HTMLInputElement) || problem === null) return;
  try {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ reason: field.value });
    const answer = await fetch(desk, { method: 'POST', headers, body });
    const said = await answer.json();
    if (answer.ok) begin(said.steps);
    else problem.textContent = said.detail ?? unreachable;
  } catch {
    problem.textContent = unreachable;
  }
});

if (steps) begin(steps);
