import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRequirements, requirementsTable } from '../../bin/security-table.mjs';
import { problemsOf, testNames } from '../test-names.ts';

const root = join(import.meta.dirname, '../..');
const requirements = readRequirements(root);

describe('the table of security requirements', () => {
  test('names tests that there are', () => {
    expect(requirements.length).toBeGreaterThan(60);
    expect(
      problemsOf(
        requirements.flatMap(({ tests }) => tests),
        testNames,
      ),
    ).toEqual([]);
  });

  test('(control) misses a test that was renamed, and a file that is gone', () => {
    const [known] = requirements[0]!.tests;
    const named = [
      { ...known!, test: `${known!.test} no more` },
      { ...known!, file: 'tests/unit/gone.test.ts' },
    ];
    expect(problemsOf(named, testNames)).toHaveLength(2);
  });

  test('claims nothing without a test, lists each once, and says what is not met', () => {
    expect(requirements.filter(({ state, tests }) => state !== 'not' && tests.length === 0)).toEqual([]);
    const ids = requirements.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(requirements.filter(({ state }) => !['met', 'partly', 'not'].includes(state))).toEqual([]);
  });

  test.each(['en', 'ru'] as const)('stands in the documentation as it is (%s)', (language) => {
    const page = readFileSync(join(root, `docs/${language}/operators/security.md`), 'utf8');
    expect(page, 'run: node bin/security-table.mjs').toContain(requirementsTable(requirements, language));
  });
});
