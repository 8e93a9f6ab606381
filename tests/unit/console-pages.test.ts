import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pageOf } from '#ui/page-links.tsx';
import { consoleMenu, consolePages } from '../../app/organise/[slug]/console-pages.ts';

const folder = join(import.meta.dirname, '../../app/organise/[slug]');

describe('the menu of the console', () => {
  test.each(consolePages.map(({ path }) => [path]))('leads to a page that is there: “%s”', (path) => {
    expect(existsSync(join(folder, path, 'page.tsx'))).toBe(true);
  });

  test('names no page twice', () => {
    expect(new Set(consolePages.map(({ path }) => path)).size).toBe(consolePages.length);
  });

  test('leads organisers everywhere, and assistants to nothing that is organisers’ alone', () => {
    const paths = (role: 'organiser' | 'assistant') =>
      consoleMenu(role).flatMap(({ pages }) => pages.map(({ path }) => path));
    expect(paths('organiser').sort()).toEqual(consolePages.map(({ path }) => path).sort());
    const theirs = paths('assistant');
    expect(theirs).toEqual(expect.arrayContaining(['', '/questions', '/teams']));
    for (const hidden of ['/labels', '/texts', '/eligibility', '/log']) expect(theirs).not.toContain(hidden);
  });
});

describe('a page of a long list', () => {
  test.each([
    ['the first where nothing is asked', undefined, { page: 1, pages: 3, offset: 0 }],
    ['the one that is asked for', '2', { page: 2, pages: 3, offset: 20 }],
    ['the last where more is asked than there is', '99', { page: 3, pages: 3, offset: 40 }],
    ['the first where no number is asked', '-1', { page: 1, pages: 3, offset: 0 }],
    ['the first where several are asked', ['2', '3'], { page: 1, pages: 3, offset: 0 }],
  ])('is %s', (_name, asked, expected) => {
    expect(pageOf(asked, 41, 20)).toEqual(expected);
  });

  test('is the only one of an empty list', () => {
    expect(pageOf('4', 0, 20)).toEqual({ page: 1, pages: 1, offset: 0 });
  });
});
