import { describe, expect, test } from 'vitest';
import { pointsOfHomework } from '#lib/course/homework.ts';
import { pointsOfPlaces, pointsOfTeams } from '#lib/course/project.ts';
import { defaultSettings, mostProjectPoints, roundPoints } from '#lib/course/settings.ts';
import { countGrades, gradeOf, makeSheet, type SheetRow, type Student, shortlistOf } from '#lib/course/sheet.ts';
import type { ResultRow } from '#lib/finals.ts';
import { fromLocalInput } from '#lib/time.ts';

const zone = 'Europe/Moscow';
const local = (text: string) => fromLocalInput(text, zone)!;
const rule = { penaltyPerDay: 0.5, timeZone: zone };
const deadlines = { softAt: local('2026-03-01T23:59'), hardAt: local('2026-03-15T23:59') };

describe('a homework of 20 points, due 1 March 23:59 and at the latest 15 March 23:59', () => {
  test.each([
    ['2026-03-01T12:00', 20, { kind: 'in-time' }],
    ['2026-03-01T23:59', 20, { kind: 'in-time' }],
    ['2026-03-01T23:59:01', 19.5, { kind: 'late', days: 1, penalty: 0.5 }],
    ['2026-03-02T00:10', 19.5, { kind: 'late', days: 1, penalty: 0.5 }],
    ['2026-03-02T23:59', 19.5, { kind: 'late', days: 1, penalty: 0.5 }],
    ['2026-03-03T23:59', 19, { kind: 'late', days: 2, penalty: 1 }],
    ['2026-03-04T23:58', 18.5, { kind: 'late', days: 3, penalty: 1.5 }],
    ['2026-03-15T23:58:59', 13, { kind: 'late', days: 14, penalty: 7 }],
    ['2026-03-15T23:59', 0, { kind: 'too-late' }],
    ['2026-04-01T00:00', 0, { kind: 'too-late' }],
  ])('handed in %s counts %f', (at, points, why) => {
    expect(pointsOfHomework({ points: 20, handedInAt: local(at) }, deadlines, rule)).toEqual({ points, why });
  });

  test('that was not handed in counts nothing', () => {
    expect(pointsOfHomework(null, deadlines, rule)).toEqual({ points: 0, why: { kind: 'none' } });
  });

  test('loses no more than was marked, and says how much that was', () => {
    const marked = { points: 0.7, handedInAt: local('2026-03-04T12:00') };
    expect(pointsOfHomework(marked, deadlines, rule)).toEqual({
      points: 0,
      why: { kind: 'late', days: 3, penalty: 0.7 },
    });
  });
});

/** Ranked teams in order by their errors; equal errors share a place. */
function results(errors: readonly number[], given: Partial<ResultRow>[] = []): { rows: ResultRow[] } {
  const fold = (count: number) => ({ errors: count, words: 1000, interval: null, standardError: null });
  const rows = errors.map(
    (count, i): ResultRow => ({
      place: errors.indexOf(count) + 1,
      teamId: `t${i + 1}`,
      team: `Team ${i + 1}`,
      kind: 'team',
      isGuest: false,
      isUnranked: false,
      members: 3,
      submissionId: `s${i + 1}`,
      reason: 'picked',
      private: fold(count),
      public: fold(count),
      tied: null,
      beatsBaseline: count < 300,
      pValue: 0.2,
      ...given[i],
    }),
  );
  return { rows };
}

const placesOf = (given: { rows: ResultRow[] }, settings = defaultSettings) =>
  given.rows.map(({ teamId }) => pointsOfTeams(given, settings).get(teamId)?.place.points);

describe('points by final place', () => {
  test('go down evenly from 20 for the first to 0 for the last', () => {
    expect(placesOf(results([10, 20, 30, 40, 50]))).toEqual([20, 15, 10, 5, 0]);
    expect(placesOf(results([10, 20, 30, 40]))).toEqual([20, 13.33, 6.67, 0]);
  });

  test('are 20 for the only team', () => {
    expect(placesOf(results([10]))).toEqual([20]);
  });

  test('are shared by equal results: the mean of the places they span', () => {
    expect(placesOf(results([10, 20, 20, 40, 50]))).toEqual([20, 12.5, 12.5, 5, 0]);
    expect(placesOf(results([10, 10, 10]))).toEqual([10, 10, 10]);
    const { why } = pointsOfTeams(results([10, 20, 20, 40, 50]), defaultSettings).get('t3')!.place;
    expect(why).toEqual({ kind: 'place', first: 2, last: 3, teams: 5 });
  });

  test('are not shifted by guests and teams out of the ranking, who get nothing', () => {
    const given = results(
      [5, 10, 20, 30],
      [{ isGuest: true, place: null }, { place: 1 }, { isUnranked: true, place: null }, { place: 2 }],
    );
    expect(placesOf(given)).toEqual([0, 20, 0, 0]);
    expect(pointsOfTeams(given, defaultSettings).get('t1')).toEqual({
      baseline: { points: 0, why: { kind: 'unranked' } },
      place: { points: 0, why: { kind: 'unranked' } },
    });
  });

  test('come from a table where there is one, and are 0 beyond it', () => {
    const settings = { ...defaultSettings, placeTable: [20, 16, 12] };
    expect(placesOf(results([10, 20, 30, 40]), settings)).toEqual([20, 16, 12, 0]);
    expect(placesOf(results([10, 20, 20, 40]), settings)).toEqual([20, 14, 14, 0]);
  });

  test('are shared by tie classes only where the course says so', () => {
    const given = results([10, 20, 30, 40, 50], [{ tied: 1 }, { tied: 1 }, { tied: null }, { tied: 2 }, { tied: 2 }]);
    expect(placesOf(given)).toEqual([20, 15, 10, 5, 0]);
    expect(placesOf(given, { ...defaultSettings, equalBy: 'tie-classes' })).toEqual([17.5, 17.5, 10, 2.5, 2.5]);
  });

  test('always sum up to the same, however the places are shared', () => {
    for (let teams = 1; teams <= 40; teams += 1) {
      const sum = (classes: number[]) => classes.reduce((total, points) => total + points, 0);
      const apart = Array.from({ length: teams }, (_, i) =>
        pointsOfPlaces({ first: i + 1, last: i + 1 }, teams, defaultSettings),
      );
      const together = pointsOfPlaces({ first: 1, last: teams }, teams, defaultSettings) * teams;
      expect(Math.abs(sum(apart) - together)).toBeLessThan(0.01 * teams);
    }
  });
});

describe('points for the baseline', () => {
  const baselineOf = (given: Partial<ResultRow>, settings = defaultSettings) =>
    pointsOfTeams(results([10], [given]), settings).get('t1')!.baseline;

  test('are 20 for strictly fewer errors, significant or not', () => {
    expect(baselineOf({ beatsBaseline: true, pValue: 0.9 })).toEqual({ points: 20, why: { kind: 'beaten' } });
    expect(baselineOf({ beatsBaseline: false, pValue: 1 })).toEqual({ points: 0, why: { kind: 'not-beaten' } });
  });

  test('need significance where the course asks for it', () => {
    const settings = { ...defaultSettings, baselineNeedsSignificance: true };
    expect(baselineOf({ beatsBaseline: true, pValue: 0.049 }, settings).points).toBe(20);
    expect(baselineOf({ beatsBaseline: true, pValue: 0.05 }, settings)).toEqual({
      points: 0,
      why: { kind: 'not-significant', pValue: 0.05 },
    });
    expect(baselineOf({ beatsBaseline: true, pValue: null }, settings).points).toBe(0);
  });

  test('are 0 where none was published', () => {
    expect(baselineOf({ beatsBaseline: null, pValue: null })).toEqual({ points: 0, why: { kind: 'no-baseline' } });
  });
});

function student(id: string, given: Partial<Student> = {}): Student {
  return { id, marked: new Map(), extensions: new Map(), teamId: null, attendance: null, ...given };
}

const homework = { id: 'h1', titleRu: 'Первая', titleEn: 'First', maxPoints: 20, ...deadlines };
const sheetOf = (students: Student[], withResults = true) =>
  makeSheet({
    timeZone: zone,
    settings: defaultSettings,
    homeworks: [homework],
    students,
    results: withResults ? results([10, 20, 400]) : null,
  });

describe('a sheet', () => {
  const marked = new Map([['h1', { points: 18, handedInAt: local('2026-03-04T12:00') }]]);

  test('adds homework and project, each with how it came about', () => {
    const { rows, isComplete } = sheetOf([student('a', { marked, teamId: 't2', attendance: 'attended' })]);
    expect(isComplete).toBe(true);
    expect(rows[0]).toMatchObject({
      homework: [{ marked: 18, points: 16.5, why: { kind: 'late', days: 3, penalty: 1.5 }, isExtended: false }],
      project: { points: 30, baseline: { points: 20 }, place: { points: 10 } },
      total: 46.5,
      grade: 2,
    });
  });

  test('gives no project points without the public defence, and says what was earned', () => {
    const [absent, unrecorded, excused] = sheetOf(
      (['absent', null, 'excused'] as const).map((attendance) =>
        student(String(attendance), { teamId: 't1', attendance }),
      ),
    ).rows;
    expect(absent!.project).toMatchObject({ points: 0, baseline: { points: 20 }, place: { points: 20 } });
    expect(unrecorded!.project).toMatchObject({ points: 0, attendance: null });
    expect(excused!.project).toMatchObject({ points: 40, attendance: 'excused' });
  });

  test('adds points for jurors’ marks where an organiser gives some, behind the same gate', () => {
    const [there, away] = makeSheet({
      timeZone: zone,
      settings: defaultSettings,
      homeworks: [],
      students: [
        student('a', { teamId: 't1', attendance: 'attended' }),
        student('b', { teamId: 't1', attendance: 'absent' }),
      ],
      results: results([10, 20, 400]),
      pointsForMarks: new Map([['t1', 4.25]]),
    }).rows;
    expect(there!.project).toMatchObject({ marks: 4.25, points: 44.25 });
    expect(away!.project).toMatchObject({ marks: 4.25, points: 0 });
  });

  test('has no project before the result is there, and nothing for who has no team or no result', () => {
    expect(sheetOf([student('a', { teamId: 't1' })], false)).toMatchObject({
      isComplete: false,
      rows: [{ project: null, total: 0 }],
    });
    const [teamless, without] = sheetOf([student('a'), student('b', { teamId: 'unknown' })]).rows;
    expect(teamless!.project?.place.why).toEqual({ kind: 'no-team' });
    expect(without!.project?.baseline.why).toEqual({ kind: 'no-result' });
  });

  test('counts later deadlines that were agreed, and never earlier ones', () => {
    const later = { softAt: local('2026-03-05T23:59'), hardAt: local('2026-03-20T23:59') };
    const earlier = { softAt: local('2026-02-01T23:59'), hardAt: local('2026-02-02T23:59') };
    const [extended, shortened] = sheetOf([
      student('a', { marked, extensions: new Map([['h1', later]]) }),
      student('b', { marked, extensions: new Map([['h1', earlier]]) }),
    ]).rows;
    expect(extended!.homework[0]).toMatchObject({ points: 18, why: { kind: 'in-time' }, isExtended: true });
    expect(shortened!.homework[0]).toMatchObject({ points: 16.5, isExtended: false });
  });

  test('is plain data: what is stored reads the same', () => {
    const sheet = sheetOf([student('a', { marked, teamId: 't1', attendance: 'attended' })]);
    expect(JSON.parse(JSON.stringify(sheet))).toEqual(sheet);
  });
});

describe('grades', () => {
  test.each([
    [100, 5],
    [90, 5],
    [89.99, 4],
    [70, 4],
    [69.99, 3],
    [50, 3],
    [49.99, 2],
    [0, 2],
  ])('%f points are a %i', (total, grade) => {
    expect(gradeOf(total, defaultSettings)).toBe(grade);
  });

  test('are counted for the chart', () => {
    const row = (grade: 2 | 3 | 4 | 5) => ({ grade }) as SheetRow;
    expect(countGrades([row(5), row(5), row(3)])).toEqual({ 2: 0, 3: 1, 4: 0, 5: 2 });
  });
});

describe('the shortlist', () => {
  const rows = [90, 95, 80, 80, 70].map((total, i) => ({ studentId: `s${i}`, total }) as SheetRow);
  const all = new Set(rows.map(({ studentId }) => studentId));

  test('has the best of those who consented, most points first', () => {
    const consented = new Set(['s0', 's2', 's4']);
    expect(shortlistOf(rows, consented, 2).map(({ studentId }) => studentId)).toEqual(['s0', 's2']);
    expect(shortlistOf(rows, new Set(), 5)).toEqual([]);
  });

  test('parts nobody from others with as many points', () => {
    expect(shortlistOf(rows, all, 3).map(({ studentId }) => studentId)).toEqual(['s1', 's0', 's2', 's3']);
  });
});

test('points are rounded to hundredths, a half up', () => {
  expect([1.005, 13.333, 0.1 + 0.2, 2.675].map(roundPoints)).toEqual([1.01, 13.33, 0.3, 2.68]);
});

test('three homeworks and the project make a hundred', () => {
  expect(3 * 20 + mostProjectPoints(defaultSettings)).toBe(100);
  expect(mostProjectPoints({ ...defaultSettings, placeTable: [16, 12] })).toBe(36);
});
