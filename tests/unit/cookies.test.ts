import { describe, expect, test } from 'vitest';
import { cookieName } from '#lib/auth/session-cookie.ts';

describe('a cookie of ours', () => {
  test('is bound to https and to this host alone', () => {
    expect(cookieName('session', 'https://rostrum.example.org')).toBe('__Host-rostrum-session');
  });

  test('below a path is bound to https, and is of that path', () => {
    expect(cookieName('session', 'https://example.org/rostrum')).toBe('__Secure-rostrum-session');
  });

  test('where there is no https has a name that browsers take', () => {
    expect(cookieName('session', 'http://127.0.0.1:3000')).toBe('rostrum-session');
  });
});
