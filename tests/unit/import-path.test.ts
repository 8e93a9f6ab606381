import { expect, test } from 'vitest';
import { resolveImportPath } from '#lib/import-path.ts';

test.each([
  ['golos', '/srv/speech/golos'],
  [' golos/manifest.jsonl ', '/srv/speech/golos/manifest.jsonl'],
  ['./a/../b', '/srv/speech/b'],
  ['/srv/speech/b', '/srv/speech/b'],
  ['..b/c', '/srv/speech/..b/c'],
])('%j lies inside the folder for imports', (typed, path) => {
  expect(resolveImportPath('/srv/speech', typed)).toBe(path);
});

test.each(['', '.', '..', '../other', 'a/../../other', '/etc/passwd', '/srv/speechless', '/srv/speech/../other'])(
  '%j lies outside',
  (typed) => {
    expect(resolveImportPath('/srv/speech', typed)).toBeNull();
  },
);
