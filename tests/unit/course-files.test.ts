import { describe, expect, test } from 'vitest';
import { readMaterials, writeMaterials } from '#lib/course/programme.ts';
import { readPoints, readResults } from '#lib/course/results-file.ts';
import { readRoster } from '#lib/course/roster-file.ts';
import { fromTypedInstant } from '#lib/time.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** By the table of Windows-1251: Cyrillic letters stand in two runs, and Ё apart. */
function windows1251(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.codePointAt(0)!;
    if (code < 0x80) return code;
    if (letter === 'ё') return 0xb8;
    return code - 0x410 + 0xc0;
  });
}

function utf16(text: string): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
}

const roster =
  'ФИО;Номер;Почта;Группа\r\nПётр Иванов;1032;petr@example.org;М-31\r\nАнна Петрова;1033;Anna@Example.org;\r\n';
const entries = [
  {
    studentNumber: '1032',
    name: 'Пётр Иванов',
    groupName: 'М-31',
    address: { email: 'petr@example.org', key: 'petr@example.org' },
  },
  {
    studentNumber: '1033',
    name: 'Анна Петрова',
    groupName: '',
    address: { email: 'Anna@example.org', key: 'anna@example.org' },
  },
];

describe('a roster', () => {
  test.each([
    ['utf-8', utf8(`\ufeff${roster}`)],
    [
      'utf-8',
      utf8(
        'student_id,name,email,group\n1032,Пётр Иванов,petr@example.org,М-31\n1033,Анна Петрова,Anna@Example.org,\n',
      ),
    ],
    [
      'utf-8',
      utf8(
        '"name"\t"student_id"\t"email"\t"group"\nПётр Иванов\t1032\tpetr@example.org\tМ-31\nАнна Петрова\t1033\tAnna@Example.org\t\n',
      ),
    ],
    ['windows-1251', windows1251(roster)],
    ['utf-16', utf16(roster)],
  ])('is read as a spreadsheet saves it, and its encoding named: %s', (encoding, bytes) => {
    const read = readRoster(bytes);
    expect(read.encoding).toBe(encoding);
    expect(read.ok && read.values).toEqual(entries);
  });

  test('tells all problems at once, each with its line', () => {
    const read = readRoster(
      utf8(
        'student_id,name,email\n1,Anna,anna@example.org\n1,,no-address\n,Boris,ANNA@example.org\n3,Vera\n\n4,<b>,v@example.org\n',
      ),
    );
    expect(!read.ok && read.problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 cell-twice',
      '3 cell-empty',
      '3 roster-email',
      '4 cell-empty',
      '4 cell-twice',
      '5 fields-few',
      '7 roster-name',
    ]);
  });

  test('says which column is missing, and what there is', () => {
    const read = readRoster(utf8('number;name\n1;Anna\n'));
    const missing = !read.ok ? read.problems.map(({ code, values }) => [code, values.column, values.found]) : [];
    expect(missing).toEqual([
      ['column-missing', 'student_id', 'number, name'],
      ['column-missing', 'email', 'number, name'],
    ]);
  });

  test('skips rows that a spreadsheet emptied, and refuses what is no table', () => {
    const read = readRoster(utf8('student_id;name;email\n1;Anna;anna@example.org\n;;\n ; ;\n'));
    expect(read.ok && read.values).toHaveLength(1);
    const codes = [new Uint8Array(), utf8('PK\u0003\u0004'), utf8('just words\n'), new Uint8Array(2 ** 20)].map(
      (bytes) => {
        const refused = readRoster(bytes);
        return refused.ok ? null : refused.problems[0]!.code;
      },
    );
    expect(codes).toEqual(['table-empty', 'zip-archive', 'column-missing', 'table-too-large']);
  });
});

describe('results', () => {
  const rules = {
    timeZone: 'Europe/Moscow',
    maxPoints: 20,
    isStudent: (number: string) => ['7', '8'].includes(number),
  };

  test('have points with a comma or a point, and times of the course', () => {
    const read = readResults(utf8('id;points;handed_in\n7;17,5;02.03.2026 0:10\n8;20;2026-03-01T20:59:00Z\n'), rules);
    expect(read).toMatchObject({
      ok: true,
      values: [
        { studentNumber: '7', points: 17.5, handedInAt: new Date('2026-03-01T21:10:00Z') },
        { studentNumber: '8', points: 20, handedInAt: new Date('2026-03-01T20:59:00Z') },
      ],
    });
  });

  test('skip students of whom the line says nothing', () => {
    const read = readResults(utf8('id,name,points,handed_in\n7,Anna,,\n8,Boris,20,2026-03-01 10:00\n'), rules);
    expect(read.ok && read.values.map(({ studentNumber }) => studentNumber)).toEqual(['8']);
  });

  test('name unknown students, too many points and what is no time', () => {
    const read = readResults(utf8('id,points,handed_in\n9,1,2026-03-01 10:00\n7,20.5,yesterday\n8,3,\n,,\n'), rules);
    expect(!read.ok && read.problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 results-student',
      '3 results-points',
      '3 results-instant',
      '4 cell-empty',
    ]);
  });

  test.each([
    ['0', 0],
    ['19,75', 19.75],
    [' 20 ', 20],
    ['20.01', null],
    ['-1', null],
    ['1e1', null],
    ['1.234', null],
    ['', null],
    ['=1+1', null],
  ])('points typed as "%s" are %s', (typed, points) => {
    expect(readPoints(typed, 20)).toBe(points);
  });
});

test.each([
  ['2026-03-01 23:59', '2026-03-01T20:59:00.000Z'],
  ['2026-03-01T23:59:30', '2026-03-01T20:59:30.000Z'],
  ['01.03.2026 23:59', '2026-03-01T20:59:00.000Z'],
  ['1.3.2026, 9:05', '2026-03-01T06:05:00.000Z'],
  ['1.3.2026 9:05', '2026-03-01T06:05:00.000Z'],
  ['2026-03-01T23:59+05:00', '2026-03-01T18:59:00.000Z'],
  ['2026-03-01', null],
  ['2026-02-30 10:00', null],
  ['31.02.2026 10:00', null],
  ['03/01/2026 10:00', null],
])('the time typed as "%s" is %s', (typed, instant) => {
  expect(fromTypedInstant(typed, 'Europe/Moscow')?.toISOString() ?? null).toBe(instant);
});

describe('materials', () => {
  test('are lines of a title and an address, and come back as they were', () => {
    const text = 'Slides of the lecture https://example.org/1.pdf\nhttps://example.org/notes';
    const read = readMaterials(`${text}\n\n`);
    expect(read).toEqual({
      ok: true,
      materials: [
        { title: 'Slides of the lecture', url: 'https://example.org/1.pdf' },
        { title: 'example.org/notes', url: 'https://example.org/notes' },
      ],
    });
    expect(readMaterials(writeMaterials(read.ok ? read.materials : []))).toEqual(read);
  });

  test.each(['javascript:alert(1)', 'Slides', 'x https://', 'x //example.org'])(
    '%s is no address of a page',
    (line) => {
      expect(readMaterials(`ok https://example.org\n${line}`)).toEqual({ ok: false, problem: { line: 2 } });
    },
  );
});
