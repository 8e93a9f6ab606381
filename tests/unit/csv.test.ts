import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { csv, withoutFormula } from '#lib/csv.ts';
import { csvRoutes } from '../csv-routes.ts';
import { problemsOf, testNames } from '../test-names.ts';

test('fields with separators, quotes and line ends are quoted', () => {
  expect(
    csv(
      ['id', 'text'],
      [
        ['a', 'x, "y"\nz'],
        ['b', null],
        ['c', 1.5],
      ],
    ),
  ).toBe('id,text\r\na,"x, ""y""\nz"\r\nb,\r\nc,1.5\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1', '＋1', '－1', '＠x', '\r=1'])(
  'a spreadsheet reads %j as a text',
  (text) => expect(withoutFormula(text)).toBe(`'${text}`),
);

test.each(['Команда', 'a-b', '1', ''])('%j stays as it is', (text) => expect(withoutFormula(text)).toBe(text));

test('every route that has to do with tables is looked at for formulas', () => {
  const root = join(import.meta.dirname, '../..');
  const routes = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/route.ts'))
    .map((path) => `app/${path}`);
  const withTables = routes.filter((path) => /csv|spreadsheet/i.test(readFileSync(join(root, path), 'utf8')));
  expect(withTables.sort()).toEqual(Object.keys(csvRoutes).sort());
  const tests = Object.values(csvRoutes).flatMap((route) => ('test' in route ? [route.test] : []));
  expect(problemsOf(tests, testNames)).toEqual([]);
});
