import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/*
 * DECISIONS.md, CHANGELOG.md and BENCHMARKS.md grow by everybody's commits at once, and are merged by adding what both sides added:
 * a heading may come to stand twice, and two entries to run together.
 */

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const mostCharacters = 155;
const mostLines = 8;

/** Entries of DECISIONS.md as they follow each other, or what is wrong with its shape. */
function decisionsOf(text: string): { number: number; title: string; date: string; body: string[] }[] {
  const [, ...entries] = text.split(/^(?=## )/m);
  return entries.map((entry, index) => {
    const [heading = '', ...lines] = entry.split('\n');
    const [, number, title = '', date = ''] = /^## (\d+)\. (.+) \((\d{4}-\d\d-\d\d)\)$/.exec(heading) ?? [];
    if (number === undefined) throw new Error(`no heading of a decision: ${heading}`);
    const isLast = index === entries.length - 1;
    // Split at the last line break there is nothing behind it; before another heading a blank line comes first.
    const end = lines.splice(isLast ? -1 : -2);
    if (end.join('') !== '' || end.length !== (isLast ? 1 : 2)) throw new Error(`no blank line after ${heading}`);
    return { number: Number(number), title, date, body: lines };
  });
}

test('decisions are numbered without gaps, dated in order, each under a heading of its own', () => {
  const decisions = decisionsOf(read('DECISIONS.md'));
  expect(decisions.map(({ number }) => number)).toEqual(decisions.map((_, index) => index + 1));
  expect(repeated(decisions.map(({ title }) => title))).toEqual([]);
  expect(decisions.map(({ date }) => date)).toEqual(decisions.map(({ date }) => date).sort());
});

test('a decision says what was decided and what would change it, in a few lines without a gap', () => {
  const odd = decisionsOf(read('DECISIONS.md')).filter(({ body }) => {
    const said = body.join(' ');
    const isShort = body.length <= mostLines && body.every((line) => line !== '' && line.length <= mostCharacters);
    return !isShort || !said.includes('*Decision.*') || !said.includes('*Would change our mind:*');
  });
  expect(odd.map(({ number }) => number)).toEqual([]);
});

test('a decision that is cited came before', () => {
  const later = decisionsOf(read('DECISIONS.md')).filter(({ number, body }) => {
    const cited = [...body.join(' ').matchAll(/\b(?:[Dd]ecisions?|[Ss]upersedes) (\d+)(?: and (\d+))?/g)];
    return cited.flatMap(([, ...numbers]) => numbers).some((other) => other !== undefined && Number(other) >= number);
  });
  expect(later.map(({ number }) => number)).toEqual([]);
});

test('what a merge does to headings is noticed', () => {
  const entry = (number: number) => `## ${number}. Title ${number} (2026-11-30)\n*Decision.* So.\n`;
  expect(decisionsOf(`# Decisions\n\n${entry(1)}\n${entry(2)}`)).toHaveLength(2);
  expect(() => decisionsOf(`# Decisions\n\n${entry(1)}${entry(2)}`)).toThrow('no blank line after ## 1.');
  expect(() => decisionsOf(`# Decisions\n\n## 1. Title 1 (2026-11-30)\n${entry(2)}`)).toThrow('no blank line');
});

test('the changelog says each thing once, to each reader in one list', () => {
  const text = read('CHANGELOG.md');
  expect(repeated(text.split('\n').filter((line) => line.startsWith('- ')))).toEqual([]);
  for (const release of text.split(/^## /m).slice(1)) {
    const [, ...lists] = release.split(/^### /m);
    const names = lists.map((list) => list.slice(0, list.indexOf('\n')));
    const known = ['Teams', 'Organisers', 'Audience', 'Scoring'];
    expect(names).toEqual(known.filter((name) => names.includes(name)));
    for (const list of lists) expect(list.trimEnd()).not.toContain('\n\n');
  }
});

test('every section of figures stands once, under the name of its benchmark or with its command', () => {
  const sections = read('BENCHMARKS.md').split(/^## /m).slice(1);
  const names = sections.map((section) => section.slice(0, section.indexOf(':')));
  expect(repeated(names)).toEqual([]);
  const known = new Set(
    [...read('tests/bench/main.ts').matchAll(/^ {2}(\w+)(?:,|: \w+,)$/gm)].map((match) => match[1]!),
  );
  expect(known.size).toBeGreaterThan(20);
  const withCommand = (section: string) => /`(?:npm (?:run|test)|npx) /.test(section);
  const unknown = sections.filter(
    (section, index) => !withCommand(section) && names[index]!.split(', ').some((name) => !known.has(name)),
  );
  expect(unknown.map((section) => section.split('\n')[0])).toEqual([]);
});

test('every file that the benchmarks name exists', () => {
  const named = [...read('BENCHMARKS.md').matchAll(/`((?:tests|lib|scoring|bin|app)\/[\w./[\]-]+)`/g)].map(
    (match) => match[1]!,
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
