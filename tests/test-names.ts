import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A test by the file that holds it and its name as written there, or that of the group it stands in. */
export type NamedTest = { file: string; test: string };

/** Names of tests and of their groups in a file of the repository; null where there is none. */
export function testNames(file: string): string[] | null {
  const path = join(root, file);
  return existsSync(path) ? namesIn(readFileSync(path, 'utf8')) : null;
}

/** As they are written: `%s` and `${…}` stand for themselves. */
export function namesIn(source: string): string[] {
  const literal = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/.source;
  const call = /\b(?:test|it|describe)(?:\.\w+)*(?:<[^>]*>)?\(/g;
  const names: string[] = [];
  for (const { index, 0: opening } of source.matchAll(call)) {
    const rest = source.slice(index + opening.length).trimStart();
    const name = new RegExp(`^${literal}`).exec(rest);
    if (name !== null) names.push(unescaped(name[2]!));
  }
  // `test.each(table)('name', …)` and `test.runIf(…)('name', …)`: the name begins the second pair of brackets.
  for (const [, , text] of source.matchAll(new RegExp(`\\)\\(\\s*${literal}\\s*,`, 'g'))) names.push(unescaped(text!));
  return names;
}

/** What names no test that there is, as sentences. */
export function problemsOf(named: readonly NamedTest[], known: (file: string) => string[] | null): string[] {
  return named.flatMap(({ file, test }) => {
    const names = known(file);
    if (names === null) return [`there is no ${file}`];
    return names.includes(test) ? [] : [`${file} has no test "${test}"`];
  });
}

function unescaped(text: string): string {
  return text.replace(/\\(['"`\\])/g, '$1');
}
