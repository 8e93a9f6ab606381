import { describe, expect, test } from 'vitest';
import type { GitHubSettings, OpenIdSettings } from '#lib/identity/settings.ts';
import { readGitHubProfile } from '../../app/api/auth/[...nextauth]/github.ts';
import { readOpenIdProfile } from '../../app/api/auth/[...nextauth]/open-id.ts';

const shared = { name: 'University', clientId: 'id', clientSecret: 'secret', trustsEmail: 'verified' } as const;

describe('the word of an OpenID provider on an address', () => {
  const settings = (given: Partial<OpenIdSettings>): OpenIdSettings => ({
    ...shared,
    issuer: 'https://id.example.org',
    scope: 'openid',
    requiredClaim: null,
    ...given,
  });
  const anna = { sub: 'anna', email: 'anna@example.org', name: 'Anna' };

  test.each([
    ['verified', true, true],
    ['verified', false, false],
    ['verified', undefined, false],
    ['verified', 'true', false],
    ['verified', 1, false],
    ['all', false, true],
    ['all', undefined, true],
    ['none', true, false],
  ] as const)('under %s, with email_verified: %j, counts: %s', (trustsEmail, email_verified, expected) => {
    const person = readOpenIdProfile({ ...anna, email_verified }, settings({ trustsEmail }));
    expect(person.isEmailVerified).toBe(expected);
  });

  test('counts for nothing without an address', () => {
    expect(readOpenIdProfile({ sub: 'anna' }, settings({ trustsEmail: 'all' }))).toEqual({
      subject: 'anna',
      email: '',
      isEmailVerified: false,
      name: '',
      isAdmitted: true,
    });
  });

  test('is no reason to come in without the claim that is asked for', () => {
    const requiredClaim = { path: 'groups', value: 'students' };
    const isAdmitted = (groups: unknown) =>
      readOpenIdProfile({ ...anna, groups }, settings({ requiredClaim })).isAdmitted;
    expect([['students'], 'students', ['staff'], undefined].map(isAdmitted)).toEqual([true, true, false, false]);
  });

  test.each([{}, { sub: '' }, { sub: 7 }, { sub: 'x'.repeat(256) }])('is not heard without a subject: %j', (said) => {
    expect(() => readOpenIdProfile({ ...anna, sub: undefined, ...said }, settings({}))).toThrow();
  });
});

describe('the word of GitHub on an address', () => {
  const settings: GitHubSettings = { ...shared, url: 'https://github.com' };
  const octocat = { id: 583231, name: 'The Octocat', email: 'octocat@example.org', isVerified: true };

  test('counts where it calls the primary one verified, unless it is not trusted', () => {
    expect(readGitHubProfile(octocat, settings)).toMatchObject({ subject: '583231', isEmailVerified: true });
    expect(readGitHubProfile({ ...octocat, isVerified: false }, settings).isEmailVerified).toBe(false);
    expect(readGitHubProfile(octocat, { ...settings, trustsEmail: 'none' }).isEmailVerified).toBe(false);
  });
});
