// @ts-check
import { play } from './reveal-player.js';

/*
 * Opens the steps that are sealed in this document, by the code that organisers are shown at the reveal.
 */

const { sealed, words, wrong, opening } = JSON.parse(document.getElementById('data')?.textContent ?? '{}');
const form = document.getElementById('open');
const problem = document.getElementById('problem');

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = document.getElementById('code');
  if (!(field instanceof HTMLInputElement) || problem === null) return;
  problem.textContent = opening;
  try {
    const steps = await unseal(field.value);
    form.remove();
    document.querySelector('footer')?.removeAttribute('hidden');
    const main = document.querySelector('main');
    if (main !== null) play(main, steps, words);
  } catch {
    // Whatever is wrong with the code, its seal does not open.
    problem.textContent = wrong;
    field.select();
  }
});

/**
 * As scoring/reveal-file.ts seals. Letters that are easily taken for digits count as those.
 * @param {string} typed
 */
async function unseal(typed) {
  const code = typed
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '');
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(code), 'PBKDF2', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(sealed.salt), iterations: sealed.iterations },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  );
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytesOf(sealed.nonce) }, key, bytesOf(sealed.data));
  return JSON.parse(new TextDecoder().decode(text));
}

/** @param {string} base64 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
