import { describe, expect, test } from 'vitest';
import {
  type Competition,
  isFrozen,
  isOpen,
  listStages,
  nextBoundary,
  phase,
  quotaDay,
  quotaResetsAt,
  rulesOf,
  status,
  windows,
} from '#lib/competition.ts';

const at = (text: string) => new Date(`2026-${text}:00Z`);
const justBefore = (instant: Date) => new Date(instant.getTime() - 1);

const timeline = {
  publishedAt: at('11-01T09:00'),
  registrationStartsAt: at('11-02T09:00'),
  registrationEndsAt: at('12-01T09:00'),
  teamChangesStartAt: at('11-02T09:00'),
  teamChangesEndAt: at('12-03T09:00'),
  trainReleasedAt: at('11-05T09:00'),
  devReleasedAt: at('11-05T09:00'),
  testReleasedAt: at('11-09T09:00'),
  submissionsStartAt: at('11-10T09:00'),
  submissionsEndAt: at('12-10T09:00'),
  freezesAt: at('12-09T09:00'),
  defenceAt: at('12-11T09:00'),
  revealsAt: at('12-11T12:00'),
  gradesPublishedAt: null,
};

function aCompetition(change: Partial<Competition> = {}): Competition {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    slug: 'autumn',
    nameRu: 'Осень',
    nameEn: 'Autumn',
    briefRu: '',
    briefEn: '',
    rulesRu: '',
    rulesEn: '',
    rulesVersion: 1,
    licence: '',
    attribution: '',
    timeZone: 'Europe/Moscow',
    isDemo: false,
    ...timeline,
    teamSize: 4,
    dailyQuota: 5,
    policy: 'open',
    profile: 'raw',
    mapping: null,
    publicFoldPercent: 30,
    labelVersion: 0,
    unit: 'text',
    createdBy: null,
    createdAt: timeline.publishedAt,
    newsVersion: 0,
    revealMode: 'at-once',
    revealEndedAt: null,
    revealByHelpers: false,
    ...change,
  };
}

describe('a window is open', () => {
  const window = { start: at('11-10T09:00'), end: at('12-10T09:00') };

  test.each([
    ['not a millisecond before its start', justBefore(window.start), false],
    ['at its start', window.start, true],
    ['a millisecond before its end', justBefore(window.end), true],
    ['no longer at its end', window.end, false],
  ])('%s', (_when, instant, expected) => {
    expect(isOpen(window, instant)).toBe(expected);
  });

  test('for good where it has no end', () => {
    expect(isOpen({ start: window.start, end: null }, at('12-31T23:59'))).toBe(true);
  });
});

test('each split is released at its own instant, for good', () => {
  const { train, test: hiddenTest } = windows(aCompetition());
  expect(train).toEqual({ start: timeline.trainReleasedAt, end: null });
  expect(hiddenTest).toEqual({ start: timeline.testReleasedAt, end: null });
});

describe('the phase of a competition', () => {
  test.each([
    ['draft', justBefore(timeline.publishedAt)],
    ['upcoming', timeline.publishedAt],
    ['upcoming', justBefore(timeline.registrationStartsAt)],
    ['registration', timeline.registrationStartsAt],
    ['registration', justBefore(timeline.submissionsStartAt)],
    ['submissions', timeline.submissionsStartAt],
    ['submissions', justBefore(timeline.submissionsEndAt)],
    ['closed', timeline.submissionsEndAt],
    ['closed', justBefore(timeline.revealsAt)],
    ['revealed', timeline.revealsAt],
  ])('is %s at %s', (expected, now) => {
    expect(phase(aCompetition(), now)).toBe(expected);
  });

  test('is draft while nobody has published it, whatever its windows', () => {
    expect(phase(aCompetition({ publishedAt: null }), at('11-20T09:00'))).toBe('draft');
  });

  test('stays closed for good where no reveal is set', () => {
    expect(phase(aCompetition({ revealsAt: null }), at('12-31T09:00'))).toBe('closed');
  });

  test('is submissions where they open before registration does', () => {
    expect(phase(aCompetition({ registrationStartsAt: at('11-20T09:00') }), at('11-11T09:00'))).toBe('submissions');
  });
});

describe('the board is frozen', () => {
  test('from the freeze to the reveal', () => {
    const competition = aCompetition();
    expect(isFrozen(competition, justBefore(timeline.freezesAt))).toBe(false);
    expect(isFrozen(competition, timeline.freezesAt)).toBe(true);
    expect(isFrozen(competition, timeline.submissionsEndAt)).toBe(true);
    expect(isFrozen(competition, justBefore(timeline.revealsAt))).toBe(true);
    expect(isFrozen(competition, timeline.revealsAt)).toBe(false);
  });

  test('never where no freeze is set, and for good where no reveal is', () => {
    expect(isFrozen(aCompetition({ freezesAt: null }), at('12-10T12:00'))).toBe(false);
    expect(isFrozen(aCompetition({ revealsAt: null }), at('12-31T12:00'))).toBe(true);
  });
});

describe('the sentence about what a team can do', () => {
  test.each([
    ['draft', null, justBefore(timeline.publishedAt)],
    ['upcoming', timeline.registrationStartsAt, timeline.publishedAt],
    ['registration', timeline.submissionsStartAt, timeline.registrationStartsAt],
    ['submissions', timeline.submissionsEndAt, timeline.submissionsStartAt],
    ['frozen', timeline.submissionsEndAt, timeline.freezesAt],
    ['closed', timeline.revealsAt, timeline.submissionsEndAt],
    ['revealed', null, timeline.revealsAt],
  ])('is %s until %s', (key, until, now) => {
    expect(status(aCompetition(), now)).toEqual({ key, until });
  });
});

describe('the next boundary', () => {
  test('is the nearest instant ahead, never one that has come', () => {
    const competition = aCompetition();
    expect(nextBoundary(competition, timeline.publishedAt)).toEqual(timeline.registrationStartsAt);
    expect(nextBoundary(competition, timeline.submissionsStartAt)).toEqual(timeline.registrationEndsAt);
    expect(nextBoundary(competition, timeline.submissionsEndAt)).toEqual(timeline.revealsAt);
  });

  test('is none after the last', () => {
    expect(nextBoundary(aCompetition(), timeline.revealsAt)).toBeNull();
  });
});

describe('an attempt is charged', () => {
  test('to the day of the competition’s zone, which ends at its midnight', () => {
    const competition = aCompetition();
    expect(quotaDay(competition, at('11-20T20:59'))).toBe('2026-11-20');
    expect(quotaDay(competition, at('11-20T21:00'))).toBe('2026-11-21');
    expect(quotaResetsAt(competition, at('11-20T20:59'))).toEqual(at('11-20T21:00'));
    expect(quotaResetsAt(competition, at('11-20T21:00'))).toEqual(at('11-21T21:00'));
  });
});

test('a text that exists in one language only is shown to all', () => {
  expect(rulesOf(aCompetition({ rulesEn: 'Be fair.' }), 'ru')).toBe('Be fair.');
  expect(rulesOf(aCompetition({ rulesEn: 'Be fair.', rulesRu: 'Честно.' }), 'ru')).toBe('Честно.');
});

describe('the stages of a competition', () => {
  const keysOf = (change: Partial<Competition>) =>
    listStages({ ...timeline, revealMode: 'at-once', ...change } as Competition).map(({ from, status: { key } }) => [
      from,
      key,
    ]);

  test('follow each other, each from its instant on', () => {
    expect(keysOf({ freezesAt: at('12-09T09:00'), revealsAt: at('12-12T09:00') })).toEqual([
      [null, 'upcoming'],
      [at('11-02T09:00'), 'registration'],
      [at('11-10T09:00'), 'submissions'],
      [at('12-09T09:00'), 'frozen'],
      [at('12-10T09:00'), 'closed'],
      [at('12-12T09:00'), 'revealed'],
    ]);
  });

  test('are fewer where nothing freezes and nothing is revealed, and the same for a draft', () => {
    const change = { freezesAt: null, revealsAt: null };
    expect(keysOf(change).map(([, key]) => key)).toEqual(['upcoming', 'registration', 'submissions', 'closed']);
    expect(keysOf({ ...change, publishedAt: null })).toEqual(keysOf(change));
  });

  test('never stand twice where a freeze comes after the close', () => {
    const keys = keysOf({ freezesAt: at('12-11T09:00'), revealsAt: at('12-12T09:00') }).map(([, key]) => key);
    expect(keys).toEqual(['upcoming', 'registration', 'submissions', 'closed', 'revealed']);
  });
});
