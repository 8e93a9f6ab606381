import { describe, expect, test } from 'vitest';
import { readSettings, type SettingProblem } from '../../bin/commands/competition-settings.ts';

const now = new Date('2026-11-23T10:00:00Z');

function read(...typed: string[]) {
  return readSettings(typed, 'Europe/Moscow', now);
}

function problemsOf(...typed: string[]): SettingProblem[] {
  const outcome = read(...typed);
  return outcome.ok ? [] : outcome.problems;
}

describe('settings as they are typed', () => {
  test('become the columns they name', () => {
    expect(read('name-ru=Речь = наше всё', 'team-size=3', 'quota=10', 'policy=ladder', 'licence=')).toEqual({
      ok: true,
      change: { nameRu: 'Речь = наше всё', teamSize: 3, dailyQuota: 10, policy: 'ladder', licence: '' },
    });
  });

  test.each([
    ['2026-12-01T10:00', '2026-12-01T07:00:00.000Z'],
    ['2026-12-01 10:00', '2026-12-01T07:00:00.000Z'],
    ['2026-12-01T10:00Z', '2026-12-01T10:00:00.000Z'],
    ['2026-12-01T10:00:30+05:00', '2026-12-01T05:00:30.000Z'],
    ['now', now.toISOString()],
  ])('the instant %s is %s', (typed, instant) => {
    expect(read(`submissions-end=${typed}`)).toEqual({ ok: true, change: { submissionsEndAt: new Date(instant) } });
  });

  test('local times are of the zone that is set along with them, wherever it stands', () => {
    expect(read('freeze=2026-12-01T10:00', 'time-zone=Asia/Yekaterinburg')).toMatchObject({
      change: { freezesAt: new Date('2026-12-01T05:00:00Z') },
    });
  });

  test('an instant that need not be can be cleared, one that must be cannot', () => {
    expect(read('reveal=none')).toEqual({ ok: true, change: { revealsAt: null } });
    expect(problemsOf('submissions-end=none')).toMatchObject([{ code: 'setting-instant' }]);
  });

  test('are told every mistake at once', () => {
    const typed = [
      'name',
      'nam=x',
      'name-ru=',
      'quota=0',
      'quota=1e1',
      'policy=closed',
      'time-zone=Mars',
      'freeze=2026-12-01',
    ];
    expect(problemsOf(...typed).map(({ code }) => code)).toEqual([
      'setting-form',
      'setting-unknown',
      'setting-length',
      'setting-number',
      'setting-number',
      'setting-choice',
      'setting-zone',
      'setting-instant',
    ]);
  });

  test.each(['toString=x', '__proto__=x', 'constructor=x'])('%s is no setting', (typed) => {
    expect(problemsOf(typed)).toMatchObject([{ code: 'setting-unknown' }]);
  });
});
