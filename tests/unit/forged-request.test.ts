import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { isForged } from '../../bin/server/cross-origin.ts';
import { securityText } from '../../bin/server/security-text.ts';

const asked = (method: string, headers: Record<string, string>) =>
  isForged({ method, headers: { host: 'rostrum.example.org', ...headers } } as unknown as IncomingMessage);
const cookie = 'rostrum-session=x';

describe('what a cookie would open is refused', () => {
  test.each([
    ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['from another name of the same domain', { 'sec-fetch-site': 'same-site', origin: 'https://x.example.org' }],
    ['from another site, in an old browser', { origin: 'https://evil.example' }],
    ['from a frame without an origin', { origin: 'null' }],
    ['from another port', { origin: 'https://rostrum.example.org:8443' }],
    ['from nobody knows where', {}],
    ['by another method in disguise', { origin: 'https://evil.example', 'x-http-method-override': 'GET' }],
    ['with a header that pretends', { origin: 'https://evil.example', referer: 'https://rostrum.example.org/' }],
  ])('%s', (_where, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(asked(method, { cookie, ...headers }), method).toBe(true);
  });
});

describe('what goes through', () => {
  test.each([
    ['a form of ours', 'POST', { cookie, 'sec-fetch-site': 'same-origin' }],
    ['a form of ours in an old browser', 'POST', { cookie, origin: 'https://rostrum.example.org' }],
    ['a look from anywhere', 'GET', { cookie, 'sec-fetch-site': 'cross-site' }],
    ['a program with a token', 'POST', { authorization: 'Bearer x', cookie }],
    ['a mail program that ends mails', 'POST', { origin: 'https://mail.example' }],
  ])('%s', (_who, method, headers) => expect(asked(method, headers as Record<string, string>)).toBe(false));
});

test('security.txt has what RFC 9116 asks for, and is good for less than a year', () => {
  const now = new Date('2026-11-30T10:00:00Z');
  expect(securityText(['mailto:security@example.org'], 'https://example.org/rostrum', now)).toBe(
    [
      'Contact: mailto:security@example.org',
      'Expires: 2027-05-29T00:00:00Z',
      'Preferred-Languages: ru, en',
      'Canonical: https://example.org/.well-known/security.txt',
      'Policy: https://example.org/rostrum/docs/operators/security',
      '',
    ].join('\n'),
  );
});
