import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { RevealStep } from '#lib/reveal.ts';
import { type RevealWords, revealWords } from '#lib/reveal-words.ts';
import { dist } from '#scoring/dist.ts';

/*
 * A reveal as one HTML file that needs no network: styles, the renderer, and the steps sealed under a code that is never in the file.
 */

/** Digits and letters that nobody confuses (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 16 symbols of 5 bits: 80 bits, and half a second per guess on top. */
const symbols = 16;
const iterations = 600_000;

/** `7K3M-Q9XT-…`: to be read out, or copied from a phone. */
export function createRevealCode(): string {
  const drawn = [...randomBytes(symbols)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return drawn.match(/.{4}/g)!.join('-');
}

export type Sealed = { iterations: number; salt: string; nonce: string; data: string };

/** AES-256-GCM under a key that PBKDF2-SHA256 makes of the code; every part in base64. public/reveal-file.js opens it. */
export async function seal(steps: readonly RevealStep[], code: string): Promise<Sealed> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const material = Buffer.from(code.replaceAll('-', ''));
  const base = await webcrypto.subtle.importKey('raw', material, 'PBKDF2', false, ['deriveKey']);
  const key = await webcrypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  );
  const text = Buffer.from(JSON.stringify(steps));
  const data = Buffer.from(await webcrypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, text));
  return {
    iterations,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    data: data.toString('base64'),
  };
}

/** In the order in which each needs those before it. */
const scripts = ['reveal-format.js', 'reveal-charts.js', 'reveal.js', 'reveal-player.js', 'reveal-file.js'];
const styles = ['tokens.css', 'live.css', 'reveal.css', 'reveal-player.css'];

export type FileFacts = { id: string; name: string; language: Language; t: Translate };

/** The document. Its policy allows what stands in it and nothing else: no request leaves it, whatever a name may hold. */
export function revealFile({ id, name, language, t }: FileFacts, sealed: Sealed): string {
  const script = scripts.map((file) => withoutImports(asset(file))).join('\n');
  const style = styles.map(asset).join('\n');
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  const words: RevealWords = revealWords(t, language);
  const data = jsonInHtml({ sealed, words, wrong: t('reveal.file-wrong'), opening: t('reveal.file-opening') });
  return `<!doctype html>
<html lang="${language}" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)} · ${escaped(t('reveal.tab'))}</title>
<style>${style}</style>
</head>
<body>
<header><div><h1>${escaped(name)}</h1><p>${escaped(t('reveal.file-lead', { id: shortId(id) }))}</p></div></header>
<main class="reveal">
<form id="open" class="player-form">
<label for="code">${escaped(t('reveal.file-code'))}</label>
<input id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus required>
<button>${escaped(t('reveal.file-open'))}</button>
<p id="problem" role="alert"></p>
</form>
<p class="sr-only" role="status"></p>
</main>
<footer class="player" hidden>
<button type="button" data-move="back">${escaped(t('reveal.back'))}</button>
<button type="button" data-move="next">${escaped(t('reveal.next'))}</button>
<p>${escaped(t('reveal.keys'))}</p>
</footer>
<script type="application/json" id="data">${data}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** By which people tell one downloaded file from another. */
export function shortId(id: string): string {
  return id.slice(0, 4).toUpperCase();
}

function asset(name: string): string {
  return readFileSync(join(dist, '../public', name), 'utf8');
}

/** The files stand one after another: what they import from each other is there already. */
function withoutImports(source: string): string {
  return source.replace(/^import [^;]*;$/gm, '').replace(/^export /gm, '');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
