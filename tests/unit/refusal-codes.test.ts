import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isMessageKey } from '#lib/messages/translate.ts';

const root = join(import.meta.dirname, '../..');
const thrown = /new (?:RefusedError|ForbiddenError|TooManyRequestsError)\(\s*'([a-z-]+)'/g;

function codesThrown(): Map<string, string> {
  const codes = new Map<string, string>();
  for (const folder of ['app', 'bin', 'lib', 'scoring']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name)) continue;
      const source = readFileSync(join(root, folder, name), 'utf8');
      for (const [, code] of source.matchAll(thrown)) codes.set(code!, `${folder}/${name}`);
    }
  }
  return codes;
}

test('every refusal has a sentence that says what to do', () => {
  const codes = codesThrown();
  expect(codes.size).toBeGreaterThan(20);
  const speechless = [...codes].filter(([code]) => !isMessageKey(`common.error-${code}`));
  expect(speechless).toEqual([]);
});
