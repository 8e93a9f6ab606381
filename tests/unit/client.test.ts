import { describe, expect, test } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { addressesOf, isPrivate, knownAddress } from '../../bin/client/address.ts';
import { clientEnvironment } from '../../bin/client/environment.mjs';
import { isPassing, retryAfterSeconds, waitBefore } from '../../bin/client/retries.ts';
import { tableOf } from '../../bin/client/table.ts';

const t = translator('en');

describe('the address of a server', () => {
  test.each([
    ['asr.example.org', 'https://asr.example.org'],
    ['https://asr.example.org/', 'https://asr.example.org'],
    ['https://asr.example.org/c/asr-2026/board?x=1', 'https://asr.example.org'],
    ['https://example.org/rostrum/account', 'https://example.org/rostrum'],
    ['http://asr.example.org:8080', 'http://asr.example.org:8080'],
    ['localhost:3000', 'http://localhost:3000'],
    ['127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['localhost.example.org', 'https://localhost.example.org'],
  ])('%s is %s', (typed, address) => {
    expect(addressesOf(typed, t)[0]).toBe(address);
  });

  test.each([
    ['example.org/docs', ['https://example.org', 'https://example.org/docs']],
    ['example.org/docs/c/open/board', ['', '/docs', '/docs/c/open/board'].map((path) => `https://example.org${path}`)],
    ['example.org/api/v1/', ['https://example.org', 'https://example.org/api/v1']],
    // No page is called so: there is nothing to ask.
    ['example.org/login', ['https://example.org/login']],
    ['example.org/course-2026/', ['https://example.org/course-2026']],
  ])('%s may be below a path that is called like a page', (typed, addresses) => {
    expect(addressesOf(typed, t)).toEqual(addresses);
  });

  test('is the one that somebody has a token for', () => {
    const servers = { 'https://example.org/docs': {} };
    expect(knownAddress('https://example.org/docs/c/open', servers, t)).toBe('https://example.org/docs');
    expect(knownAddress('https://example.org/docs/c/open', {}, t)).toBe('https://example.org');
  });

  test.each(['', 'ftp://asr.example.org', 'https://user:word@asr.example.org', 'https://'])('%j is none', (typed) => {
    expect(() => addressesOf(typed, t)).toThrow(/is no address of a server/);
  });

  test('is safe for a token over https and on this machine', () => {
    const addresses = [
      'https://a.org',
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
      'http://a.org',
      'http://127.a.org',
    ];
    expect(addresses.map(isPrivate)).toEqual([true, true, true, false, false]);
  });
});

describe('trying again', () => {
  test('waits twice as long every time, up to a quarter of a minute, and by chance up to half as long', () => {
    expect([0, 1, 2, 3, 10].map((attempt) => waitBefore(attempt, 0))).toEqual([500, 1000, 2000, 4000, 15_000]);
    expect(waitBefore(1, 1)).toBe(500);
  });

  test('hears Retry-After in seconds and as a date', () => {
    const now = new Date('2026-12-01T10:00:00Z');
    const heard = ['7', 'Tue, 01 Dec 2026 10:00:09 GMT', 'Tue, 01 Dec 2026 09:00:00 GMT', 'soon', '', undefined];
    expect(heard.map((header) => retryAfterSeconds(header, now))).toEqual([7, 9, 0, null, null, null]);
  });

  test('is for what passes within the patience', () => {
    expect(
      [429, 429, 429, 503, 500, 422].map((status, i) => isPassing(status, [5, 60, null, null, null, null][i]!, 10_000)),
    ).toEqual([true, false, false, true, false, false]);
  });
});

test('files of a person lie where XDG says, and relative folders are ignored', () => {
  expect(
    clientEnvironment({ NODE_ENV: 'test', HOME: '/home/a', XDG_CONFIG_HOME: '/etc/a', XDG_CACHE_HOME: 'b' }),
  ).toMatchObject({
    configFolder: '/etc/a/rostrum',
    stateFolder: '/home/a/.local/state/rostrum',
    cacheFolder: '/home/a/.cache/rostrum',
  });
});

test('a table aligns its columns, leaves out empty ones, and lets nothing steer the terminal', () => {
  const rows = [
    ['1', 'Голос', '', '9.5%'],
    ['10', '\u001b[2Jхак', '', '12.0%'],
  ];
  expect(tableOf(['place', 'team', 'note', 'WER'], rows, [0, 3]).split('\n')).toEqual([
    'place  team       WER',
    '    1  Голос     9.5%',
    '   10  \ufffd[2Jхак  12.0%',
  ]);
});
