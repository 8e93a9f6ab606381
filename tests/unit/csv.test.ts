import { expect, test } from 'vitest';
import { csv, withoutFormula } from '#lib/csv.ts';

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
