import { describe, expect, test } from 'vitest';
import { accountOf } from '../../bin/test/account.mjs';
import type { FileAccount } from '../../bin/test/reporter.mjs';
import { beginning, troublesOfPlaywright, troublesOfVitest } from '../../bin/test/troubles.mjs';

const failure =
  'AssertionError: expected 1 to be 2\n    at /rostrum/tests/unit/a.test.ts:3:52\n    at new Promise (<anonymous>)';

const vitestFiles: FileAccount[] = [
  {
    file: 'tests/unit/a.test.ts',
    seconds: 0.9,
    tests: [
      { name: 'counts', state: 'passed', error: null },
      { name: 'waits', state: 'passed', error: 'Error: too late' },
      { name: 'places ties', state: 'failed', error: failure },
      { name: 'with a proxy › uploads', state: 'not run', error: null },
    ],
    broken: [{ name: 'with a proxy', error: 'Error: it did not start' }],
  },
  { file: 'tests/unit/b.test.ts', seconds: 0, tests: [], broken: [{ name: '', error: 'no such module' }] },
];

const browserSuites = [
  {
    title: 'board.spec.ts',
    file: 'board.spec.ts',
    specs: [aSpec('is read', 'expected', []), aSpec('moves', 'flaky', ['\u001b[31mError: not yet\u001b[39m'])],
    suites: [
      {
        title: 'in ru',
        file: 'board.spec.ts',
        specs: [aSpec('is seen', 'unexpected', ['Error: hidden', 'Error: hidden'])],
      },
    ],
  },
];

function aSpec(title: string, status: string, errors: string[]) {
  return { title, tests: [{ status, results: errors.map((message) => ({ duration: 1, errors: [{ message }] })) }] };
}

describe('the end of a run', () => {
  test('names what failed, the group whose hook did, what could not be loaded, and what passed at a second try', () => {
    expect(troublesOfVitest(vitestFiles)).toEqual([
      { test: 'tests/unit/a.test.ts › waits', isFailed: false, error: 'Error: too late' },
      {
        test: 'tests/unit/a.test.ts › places ties',
        isFailed: true,
        error: 'AssertionError: expected 1 to be 2',
      },
      { test: 'tests/unit/a.test.ts › with a proxy', isFailed: true, error: 'Error: it did not start' },
      { test: 'tests/unit/b.test.ts', isFailed: true, error: 'no such module' },
    ]);
  });

  test('names the same of tests in a browser, with the groups that they stand in', () => {
    expect(troublesOfPlaywright(browserSuites)).toEqual([
      { test: 'tests/e2e/board.spec.ts › moves', isFailed: false, error: 'Error: not yet' },
      { test: 'tests/e2e/board.spec.ts › in ru › is seen', isFailed: true, error: 'Error: hidden' },
    ]);
  });

  test('tells the beginning of a long error only', () => {
    const told = beginning(Array.from({ length: 400 }, (_, i) => `line ${i}`).join('\n\n'));
    expect(told.split('\n')).toEqual(Array.from({ length: 12 }, (_, i) => `line ${i}`));
  });

  test('has them after everything else, and the line for programs last', () => {
    const row = {
      name: 'unit',
      seconds: 1,
      passed: 2,
      failed: 3,
      skipped: ['a browser (none here)'],
      files: [],
      output: '',
    };
    const account = accountOf([{ ...row, troubles: troublesOfVitest(vitestFiles) }]);
    expect(account.slice(account.indexOf('skipped in')).split('\n')).toEqual([
      'skipped in unit: a browser (none here)',
      '',
      'Passed at a second try only:',
      '  tests/unit/a.test.ts › waits',
      '      Error: too late',
      '',
      'Failed:',
      '  tests/unit/a.test.ts › places ties',
      '      AssertionError: expected 1 to be 2',
      '  tests/unit/a.test.ts › with a proxy',
      '      Error: it did not start',
      '  tests/unit/b.test.ts',
      '      no such module',
      '',
      '2 passed, 3 failed, 1 skipped',
    ]);
  });

  test('names nothing where all went well', () => {
    const row = { name: 'unit', seconds: 1, passed: 2, failed: 0, skipped: [], files: [], output: '', troubles: [] };
    expect(accountOf([row])).not.toMatch(/Failed|second try/);
  });
});
