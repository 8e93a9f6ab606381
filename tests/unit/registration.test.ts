import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { domainList, isOfDomains, parseDomainPattern } from '#lib/identity/email-domains.ts';
import { holdsClaim, parseRequiredClaim } from '#lib/identity/required-claim.ts';

const patterns = (...typed: string[]) => typed.map((one) => parseDomainPattern(one)!);
const isOf = (typed: string[], email: string) => isOfDomains(patterns(...typed), parseEmailAddress(email)!);

describe('an allowed domain', () => {
  test.each([
    ['uni.example', 'anna@uni.example', true],
    ['uni.example', 'Anna@UNI.Example', true],
    ['uni.example.', 'anna@uni.example', true],
    ['@uni.example', 'anna@uni.example', true],
    ['uni.example', 'anna@cs.uni.example', false],
    ['uni.example', 'anna@evil-uni.example', false],
    ['uni.example', 'anna@uni.example.evil.org', false],
    ['uni.example', 'uni.example@evil.org', false],
    ['uni.example', 'anna@uni.exampl', false],
    ['*.uni.example', 'anna@cs.uni.example', true],
    ['*.uni.example', 'anna@a.b.uni.example', true],
    ['*.uni.example', 'anna@uni.example', false],
    ['*.uni.example', 'anna@evil-uni.example', false],
    ['*.uni.example', 'anna@cs.uni.example.evil.org', false],
    ['*.edu', 'anna@mit.edu', true],
    ['мгу.рф', 'anna@МГУ.рф', true],
    ['xn--c1arw.xn--p1ai', 'anna@мгу.рф', true],
    ['мгу.рф', 'anna@mгу.рф', false],
    ['uni.example', 'anna@ｕｎｉ.example', true],
    ['uni.example', 'anna@unі.example', false],
  ])('%s: %s may come: %s', (pattern, email, expected) => {
    expect(isOf([pattern], email)).toBe(expected);
  });

  test('of several is enough', () => {
    expect(isOf(['uni.example', '*.uni.example', 'other.example'], 'anna@other.example')).toBe(true);
    expect(isOf([], 'anna@other.example')).toBe(false);
  });

  test('with the root’s dot in an address is no address at all', () => {
    expect(parseEmailAddress('anna@uni.example.')).toBeNull();
  });

  test.each([
    '*',
    '*.',
    '*uni.example',
    'uni.*',
    'uni',
    'uni..example',
    'https://uni.example',
    'a@uni.example',
    '-a.example',
  ])('is not %j', (typed) => {
    expect(parseDomainPattern(typed)).toBeNull();
  });

  test('is shown in the script of its owner', () => {
    expect(domainList(patterns('МГУ.рф', '*.uni.example'))).toBe('мгу.рф, *.uni.example');
  });
});

describe('a required claim', () => {
  const said = {
    sub: 'anna',
    groups: ['staff', 'students'],
    year: 4,
    realm_access: { roles: ['student'] },
    'https://uni.example/role': 'student',
    hidden: null,
  };
  test.each([
    ['groups=students', true],
    ['groups=student', false],
    ['groups=staff,students', false],
    ['year=4', true],
    ['realm_access.roles=student', true],
    ['realm_access.roles.0=student', true],
    ['realm_access=student', false],
    ['https://uni.example/role=student', true],
    ['hidden=null', false],
    ['absent=undefined', false],
    ['constructor.name=Object', false],
    ['__proto__=x', false],
  ])('%s is held: %s', (typed, expected) => {
    expect(holdsClaim(said, parseRequiredClaim(typed)!)).toBe(expected);
  });

  test.each(['groups', '=students', 'groups=', ''])('is not %j', (typed) => {
    expect(parseRequiredClaim(typed)).toBeNull();
  });
});
