import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Site } from './request.ts';

/*
 * The Content-Security-Policy. Only scripts that our own rendering marked may run inline: by this answer's nonce, or, on a page
 * that is kept and given to everybody, by their hashes.
 */

export function createNonce(): string {
  return randomBytes(18).toString('base64');
}

/** `inline` are the sources that allow inline scripts: `'nonce-…'` or `'sha256-…'`. */
export function pagePolicy(site: Site, inline: readonly string[]): string {
  const { isDevelopment } = site;
  // React's development build evaluates code and puts styles into the page.
  const scripts = ["'self'", ...inline, ...(isDevelopment ? ["'unsafe-eval'"] : [])];
  return policyOf({
    'default-src': ["'self'"],
    'script-src': scripts,
    'style-src': ["'self'", ...(isDevelopment ? ["'unsafe-inline'"] : [])],
    'img-src': ["'self'", 'data:', 'blob:'],
    'media-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", ...(isDevelopment ? ['ws:', 'wss:'] : [])],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
    // Signing in elsewhere begins with a link of ours, and no form.
    'form-action': ["'self'"],
  });
}

/** Answers for programs, and files that people sent. A route cannot say so itself: Next leaves a header that stands already. */
export function isData(url: string): boolean {
  return /^\/api\/|^\/c\/[^/?]+\/defence\/[^/?]+\/slides(\?|$)/.test(url);
}

/** For what is no page: nothing in it may run, load or be framed, should somebody open it as one. */
export const dataPolicy = policyOf({
  'default-src': ["'none'"],
  'frame-ancestors': ["'none'"],
  sandbox: [],
});

/**
 * For a build's own files: a worker lives under the policy that its script came with. WebAssembly runs in workers, where a file is
 * scored before it is sent, and in no page.
 */
export const filePolicy = policyOf({
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'connect-src': ["'self'"],
  'frame-ancestors': ["'none'"],
});

export function nonceSource(nonce: string): string {
  return `'nonce-${nonce}'`;
}

export function setSecurityHeaders(response: ServerResponse, site: Site): void {
  // Until something says what it is.
  response.setHeader('Content-Security-Policy', dataPolicy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  // Invitations and mailed links are paths: no other site learns them.
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(self)');
  if (site.origin.startsWith('https:')) response.setHeader('Strict-Transport-Security', 'max-age=15552000');
}

/**
 * Turns a page that was rendered with a nonce of its own into one for everybody: the scripts that carry it are listed by hash,
 * and the nonce goes. A script that somebody smuggled into the text has no nonce, so no hash, and does not run.
 */
export function freezeScripts(html: string, nonce: string): { html: string; sources: string[] } {
  const mark = ` nonce="${nonce}"`;
  const hashes = new Set<string>();
  for (const [, attributes = '', text = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    if (!attributes.includes(mark) || text === '') continue;
    hashes.add(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  }
  return { html: html.replaceAll(mark, ''), sources: [...hashes] };
}

function policyOf(directives: Record<string, readonly string[]>): string {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}
