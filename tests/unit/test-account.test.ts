import { describe, expect, test } from 'vitest';
import { accountOf } from '../../bin/test/account.mjs';
import { beginning, troublesOfPlaywright, troublesOfVitest } from '../../bin/test/troubles.mjs';

const file = { name: '/rostrum/tests/unit/a.test.ts', startTime: 0, endTime: 900 };
const failure =
  'AssertionError: expected 1 to be 2\n    at /rostrum/tests/unit/a.test.ts:3:52\n    at new Promise (<anonymous>)';

const vitestFiles = [
  {
    ...file,
    status: 'failed',
    assertionResults: [
      { status: 'passed', fullName: 'counts', failureMessages: [] },
      { status: 'passed', fullName: 'waits', failureMessages: ['Error: too late'] },
      { status: 'failed', fullName: 'places ties', failureMessages: [failure, failure] },
    ],
  },
  { ...file, name: '/rostrum/tests/unit/b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
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
  test('names what failed, what could not be loaded, and what passed at a second try', () => {
    expect(troublesOfVitest(vitestFiles, '/rostrum')).toEqual([
      { test: 'tests/unit/a.test.ts › waits', isFailed: false, error: 'Error: too late' },
      {
        test: 'tests/unit/a.test.ts › places ties',
        isFailed: true,
        error: 'AssertionError: expected 1 to be 2\n    at new Promise (<anonymous>)',
      },
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
      failed: 2,
      skipped: ['a browser (none here)'],
      files: [],
      output: '',
    };
    const account = accountOf([{ ...row, troubles: troublesOfVitest(vitestFiles, '/rostrum') }]);
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
      '          at new Promise (<anonymous>)',
      '  tests/unit/b.test.ts',
      '      no such module',
      '',
      '2 passed, 2 failed, 1 skipped',
    ]);
  });

  test('names nothing where all went well', () => {
    const row = { name: 'unit', seconds: 1, passed: 2, failed: 0, skipped: [], files: [], output: '', troubles: [] };
    expect(accountOf([row])).not.toMatch(/Failed|second try/);
  });
});
