import { describe, expect, test } from 'vitest';
import { changesOf, histogramOf } from '#lib/course/difference.ts';
import { sheetTable } from '#lib/course/export.ts';
import { defaultSettings } from '#lib/course/settings.ts';
import type { Sheet, SheetRow } from '#lib/course/sheet.ts';
import { readSettings, type TypedSettings } from '#lib/course/typed-settings.ts';

const typed: TypedSettings = {
  penaltyPerDay: '0,5',
  baselinePoints: '20',
  baselineNeedsSignificance: false,
  placePoints: '20',
  placeTable: '',
  equalBy: 'errors',
  threshold3: '50',
  threshold4: '70',
  threshold5: '90',
  shortlistSize: '7',
};

describe('typed settings', () => {
  test('are read, with a comma or a point', () => {
    expect(readSettings(typed)).toEqual({ ok: true, settings: defaultSettings });
    const read = readSettings({ ...typed, placeTable: ' 20 16,5; 12 ' });
    expect(read.ok && read.settings.placeTable).toEqual([20, 16.5, 12]);
  });

  test.each([
    ['penaltyPerDay', 'half'],
    ['baselinePoints', '-1'],
    ['placePoints', ''],
    ['placeTable', '12 16'],
    ['placeTable', '20 x'],
    ['threshold4', '50'],
    ['threshold5', '69'],
    ['shortlistSize', '8'],
    ['shortlistSize', '4'],
  ] as const)('that cannot be meant are named: %s of "%s"', (field, value) => {
    expect(readSettings({ ...typed, [field]: value })).toEqual({ ok: false, field });
  });
});

function row(studentId: string, total: number, given: Partial<SheetRow> = {}): SheetRow {
  return { studentId, homework: [], project: null, total, grade: 2, ...given };
}

describe('what publishing would change', () => {
  test('is told by student: new ones, other totals, and the same total in another way', () => {
    const before = [row('a', 10), row('b', 20), row('c', 30)];
    const now = [row('a', 10), row('b', 21), row('c', 30, { grade: 3 }), row('d', 5)];
    expect(changesOf(before, now)).toEqual([
      { studentId: 'b', from: 20, to: 21 },
      { studentId: 'c', from: 30, to: 30 },
      { studentId: 'd', from: null, to: 5 },
    ]);
    expect(changesOf(now, now)).toEqual([]);
  });
});

describe('the distribution', () => {
  test('counts totals by tens, the full sum among the last', () => {
    const parts = histogramOf([0, 9.99, 10, 95, 100], 100);
    expect(parts).toHaveLength(10);
    expect(parts.map(({ count }) => count)).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
  });
});

describe('the exported table', () => {
  test('has a line per student of the course, numbers as numbers, and nothing where there is nothing', () => {
    const item = {
      homeworkId: 'h',
      marked: 18,
      handedInAt: '2026-03-04T09:00:00.000Z',
      softAt: '',
      hardAt: '',
      isExtended: false,
      points: 16.5,
      why: { kind: 'in-time' as const },
    };
    const sheet: Sheet = {
      timeZone: 'Europe/Moscow',
      settings: defaultSettings,
      homeworks: [{ id: 'h', titleRu: 'Первая', titleEn: 'First', maxPoints: 20 }],
      isComplete: false,
      rows: [row('a', 16.5, { homework: [item] }), row('gone', 1, { homework: [item] })],
    };
    const students = new Map([['a', { studentNumber: '007', name: '=Анна', groupName: '', email: 'a@example.org' }]]);
    const same = (text: string) => text;
    const table = sheetTable(sheet, students, {
      number: 'number',
      name: 'name',
      group: 'group',
      email: 'email',
      homework: ({ titleRu }) => titleRu,
      marked: (title) => `${title} marked`,
      handedIn: (title) => `${title} at`,
      baseline: 'baseline',
      place: 'place',
      marks: 'marks',
      attendance: 'attendance',
      project: 'project',
      total: 'total',
      grade: 'grade',
      attended: String,
      instant: same,
    });
    expect(table.header).toHaveLength(table.rows[0]!.length);
    expect(table.rows).toEqual([
      ['007', '=Анна', '', 'a@example.org', 18, item.handedInAt, 16.5, null, null, null, null, null, 16.5, null],
    ]);
  });
});
