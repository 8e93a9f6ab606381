import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBrokenPromises, findForgottenReleases, readMigrations } from '../releases/frozen.ts';
import { readReleases } from '../releases/read.ts';

const root = join(import.meta.dirname, '../..');
const releases = readReleases();
const now = readMigrations(join(root, 'migrations'));

describe('what was released', () => {
  test.each(releases)('the migrations of %s read as they did', (_name, { manifest }) => {
    expect(manifest.migrations.length).toBeGreaterThan(0);
    expect(findBrokenPromises(manifest.migrations, now)).toEqual([]);
  });

  test('one letter in an old migration is noticed, as is one that is gone or came in between', () => {
    const { migrations } = releases.at(-1)![1].manifest;
    const [first, second, ...rest] = now;
    const between = { name: '0001_z.sql', sha256: 'a' };
    expect(findBrokenPromises(migrations, [{ ...first!, sha256: 'b' }, second!, ...rest])).toEqual([
      `${first!.name} was changed`,
    ]);
    expect(findBrokenPromises(migrations, [first!, ...rest])).toEqual([`${second!.name} is gone`]);
    expect(findBrokenPromises(migrations, [first!, between, second!, ...rest])).toEqual([
      `0001_z.sql came before ${migrations.at(-1)!.name}`,
    ]);
    // What comes after is the next release's.
    expect(findBrokenPromises(migrations, [...now, { name: '9999_z.sql', sha256: 'c' }])).toEqual([]);
  });

  test('every version of the changelog has left its database', () => {
    const names = releases.map(([name]) => name);
    expect(findForgottenReleases(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), names)).toEqual([]);
    expect(findForgottenReleases('## Unreleased\n\n## 0.2.0 (2026-12-24)\n', names)).toEqual(['0.2.0']);
  });
});
