import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BoardEntry,
  type BoardTeam,
  boardCsv,
  changesAgainAt,
  boardRows as drawRows,
  groupEntries,
  placeTeams,
  readSnapshot,
  showsSamePlaces,
  withTies,
  writeSnapshot,
} from '#lib/board.ts';
import { publicScore } from '#lib/scores.ts';

const now = new Date('2026-11-20T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3600 * 1000);

function aTeam(id: string, given: Partial<BoardTeam> = {}): BoardTeam {
  return {
    id,
    name: `Team ${id}`,
    kind: 'team',
    isGuest: false,
    isUnranked: false,
    isDemo: false,
    members: 3,
    ...given,
  };
}

/** An entry against 1000 reference words, so that errors read as thousandths. */
function anEntry(teamId: string, errors: number, given: Partial<BoardEntry> = {}): BoardEntry {
  const score = { werPermille: errors, intervalPermille: [errors - 10, errors + 10] as const };
  return { submissionId: `${teamId}-${errors}`, teamId, receivedAt: hoursAgo(1), errors, score, ...given };
}

const boardRows = (teams: BoardTeam[], entries: BoardEntry[], at: Date) =>
  drawRows(placeTeams(teams, groupEntries(entries)), at);

const places = (teams: BoardTeam[], entries: BoardEntry[], at = now) =>
  boardRows(teams, entries, at).map((row) => [row.teamId, row.rank]);

describe('places', () => {
  test('follow the exact number of errors, and equal numbers share a place', () => {
    const teams = ['a', 'b', 'c', 'd'].map((id) => aTeam(id));
    const entries = [anEntry('a', 130), anEntry('b', 120), anEntry('c', 120), anEntry('d', 140)];
    expect(places(teams, entries)).toEqual([
      ['b', 1],
      ['c', 1],
      ['a', 3],
      ['d', 4],
    ]);
  });

  test('follow the exact number even where the shown rates are equal', () => {
    const score = { werPermille: 120, intervalPermille: null };
    const entries = [anEntry('a', 1201, { score }), anEntry('b', 1200, { score })];
    expect(places([aTeam('a'), aTeam('b')], entries)).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  test('are not given to the baseline and to guests, and nobody moves because of them', () => {
    const teams = [aTeam('base', { kind: 'baseline' }), aTeam('guest', { isGuest: true }), aTeam('a'), aTeam('b')];
    const entries = [anEntry('base', 200), anEntry('guest', 100), anEntry('a', 150), anEntry('b', 250)];
    expect(places(teams, entries)).toEqual([
      ['guest', null],
      ['a', 1],
      ['base', null],
      ['b', 2],
    ]);
  });

  test('are below the baseline for a team that only equals it', () => {
    const teams = [aTeam('a'), aTeam('base', { kind: 'baseline' })];
    const entries = [anEntry('a', 200, { receivedAt: hoursAgo(9) }), anEntry('base', 200)];
    expect(places(teams, entries).map(([id]) => id)).toEqual(['base', 'a']);
  });

  test('are not given without a score', () => {
    const entries = [anEntry('a', 0, { score: null }), anEntry('b', 900)];
    expect(places([aTeam('a'), aTeam('b'), aTeam('c')], entries)).toEqual([
      ['b', 1],
      ['a', null],
      ['c', null],
    ]);
  });
});

describe('a row', () => {
  test('shows the best entry, every improvement and what changed in 24 hours', () => {
    const entries = [
      anEntry('a', 180, { receivedAt: hoursAgo(50) }),
      anEntry('a', 190, { receivedAt: hoursAgo(40) }),
      anEntry('a', 150, { receivedAt: hoursAgo(30) }),
      anEntry('a', 138, { receivedAt: hoursAgo(2) }),
      anEntry('a', 160, { receivedAt: hoursAgo(1) }),
    ];
    const [row] = boardRows([aTeam('a')], entries, now);
    expect(row).toMatchObject({ wer: 0.138, interval: [0.128, 0.148], entries: 5, change: -0.012, tied: null });
    expect(row?.lastAt).toBe(hoursAgo(1).toISOString());
    expect(row?.history).toEqual([
      [hoursAgo(50).toISOString(), 0.18],
      [hoursAgo(30).toISOString(), 0.15],
      [hoursAgo(2).toISOString(), 0.138],
    ]);
  });

  test('of the baseline shows the file that was pinned last, not its best', () => {
    const entries = [anEntry('base', 100, { receivedAt: hoursAgo(5) }), anEntry('base', 200)];
    expect(boardRows([aTeam('base', { kind: 'baseline' })], entries, now)[0]?.wer).toBe(0.2);
  });

  test('keeps quiet about an improvement that shows the same number', () => {
    const score = { werPermille: 120, intervalPermille: null };
    const entries = [
      anEntry('a', 1203, { score, receivedAt: hoursAgo(3) }),
      anEntry('a', 1201, { score, receivedAt: hoursAgo(2) }),
    ];
    expect(boardRows([aTeam('a')], entries, now)[0]?.history).toHaveLength(1);
  });

  test('has no change before a whole day has passed', () => {
    const entries = [anEntry('a', 180, { receivedAt: hoursAgo(23) }), anEntry('a', 150)];
    expect(boardRows([aTeam('a')], entries, now)[0]?.change).toBeNull();
  });

  test('says when its change will be of another day', () => {
    const entries = [anEntry('a', 180, { receivedAt: hoursAgo(30) }), anEntry('a', 150, { receivedAt: hoursAgo(3) })];
    const rows = boardRows([aTeam('a')], entries, now);
    expect(changesAgainAt({ version: 1, at: now.toISOString(), frozen: false, ties: null, rows })).toEqual(
      hoursAgo(3 - 24),
    );
    expect(changesAgainAt({ version: 1, at: hoursAgo(-30).toISOString(), frozen: false, ties: null, rows })).toBeNull();
  });
});

test('a shown rate is rounded half up and its interval outwards, to thousandths', () => {
  const counts = { hits: 1, substitutions: 1, deletions: 0, insertions: 0 };
  expect(publicScore({ ...counts, hits: 7999, substitutions: 1 }, null)).toEqual({
    werPermille: 0,
    intervalPermille: null,
  });
  expect(publicScore({ ...counts, hits: 1999, substitutions: 1 }, null)?.werPermille).toBe(1);
  expect(publicScore({ ...counts, hits: 859, substitutions: 141 }, [0.1201, 0.1609])).toEqual({
    werPermille: 141,
    intervalPermille: [120, 161],
  });
  expect(publicScore({ hits: 0, substitutions: 0, deletions: 0, insertions: 4 }, null)).toBeNull();
});

test('a snapshot is read back as it was written, and its CSV cannot start a formula', () => {
  const rows = boardRows([aTeam('a', { name: '=HYPERLINK("x")' })], [anEntry('a', 120)], now);
  const snapshot = { version: 7, at: now.toISOString(), frozen: false, ties: null, rows };
  expect(readSnapshot(writeSnapshot(snapshot))).toEqual(snapshot);
  expect(boardCsv(snapshot).split('\r\n')).toEqual([
    'rank,team,isBaseline,wer,intervalLow,intervalHigh,tied,entries,lastAt,change',
    `1,"'=HYPERLINK(""x"")",false,0.12,0.11,0.13,,1,${hoursAgo(1).toISOString()},`,
    '',
  ]);
});

describe('whatever was submitted', () => {
  const teams = ['a', 'b', 'c', 'd', 'e'].map((id) =>
    aTeam(id, { kind: id === 'e' ? 'baseline' : 'team', isGuest: id === 'd' }),
  );
  const someEntry = fc.record({
    teamId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    errors: fc.integer({ min: 0, max: 12 }),
    hours: fc.integer({ min: 0, max: 60 }),
    isScored: fc.boolean(),
  });
  const someEntries = fc.array(someEntry, { maxLength: 30 }).map((list) =>
    list.map(({ teamId, errors, hours, isScored }, i) =>
      anEntry(teamId, errors, {
        submissionId: String(i).padStart(3, '0'),
        receivedAt: hoursAgo(hours),
        ...(isScored ? {} : { score: null }),
      }),
    ),
  );
  const withShuffled = someEntries.chain((entries) =>
    fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
  );

  test('the board does not depend on the order of teams and entries', () => {
    fc.assert(
      fc.property(withShuffled, ([entries, shuffled]) => {
        expect(boardRows([...teams].reverse(), shuffled, now)).toEqual(boardRows(teams, entries, now));
      }),
    );
  });

  test('a worse submission of a team moves nobody', () => {
    fc.assert(
      fc.property(someEntries, fc.constantFrom('a', 'b', 'c', 'd'), (entries, teamId) => {
        const before = places(teams, entries);
        const worst = Math.max(0, ...entries.map((entry) => entry.errors));
        if (!entries.some((entry) => entry.teamId === teamId && entry.score !== null)) return;
        expect(places(teams, [...entries, anEntry(teamId, worst + 1)])).toEqual(before);
      }),
    );
  });

  test('a row has a rank only with a rate, and ranks count the teams with fewer errors', () => {
    fc.assert(
      fc.property(someEntries, (entries) => {
        const best = (id: string) =>
          Math.min(...entries.filter((e) => e.teamId === id && e.score !== null).map((e) => e.errors));
        const ranked = ['a', 'b', 'c'].filter((id) => best(id) < Number.POSITIVE_INFINITY);
        for (const row of boardRows(teams, entries, now)) {
          const expected = ranked.includes(row.teamId)
            ? 1 + ranked.filter((other) => best(other) < best(row.teamId)).length
            : null;
          expect(row.rank).toBe(expected);
          expect(row.wer === null).toBe(best(row.teamId) === Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});

describe('ties', () => {
  const teams = [aTeam('base', { kind: 'baseline' }), ...['a', 'b', 'c', 'd'].map((id) => aTeam(id))];
  const errors = { base: 135, a: 120, b: 130, c: 140, d: 150 };
  const rows = boardRows(
    teams,
    Object.entries(errors).map(([id, count]) => anEntry(id, count)),
    now,
  );

  test('number the classes that hold several places; who has no place is in none', () => {
    const tied = withTies(rows, [1, 2, 2, 3]).map((row) => [row.teamId, row.tied]);
    expect(tied).toEqual([
      ['a', null],
      ['b', 2],
      ['base', null],
      ['c', 2],
      ['d', null],
    ]);
  });

  test('stand as long as every place and number that is shown does', () => {
    const change = (given: Partial<(typeof rows)[number]>) =>
      rows.map((row, i) => (i === 1 ? { ...row, ...given } : row));
    expect(showsSamePlaces(rows, change({ entries: 7, lastAt: null, change: 0.1, team: 'Another name' }))).toBe(true);
    for (const seen of [{ wer: 0.131 }, { rank: 1 }, { interval: null }, { teamId: 'e' }]) {
      expect(showsSamePlaces(rows, change(seen))).toBe(false);
    }
  });

  test('are unknown to snapshots from before there were any', () => {
    expect(readSnapshot('{"version":1,"rows":[]}')).toMatchObject({ version: 1, ties: null });
  });
});
