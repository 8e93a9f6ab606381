import { describe, expect, test } from 'vitest';
import {
  betterFinal,
  type CountedFinal,
  chooseFinals,
  type FinalCandidate,
  type FinalTeam,
  placeFinals,
  resultRows,
} from '#lib/finals.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 12, minute));

function aCandidate(
  submissionId: string,
  werPermille: number | null,
  minute: number,
  isPicked = false,
): FinalCandidate {
  return { submissionId, receivedAt: at(minute), isPicked, werPermille };
}

const chosen = (candidates: FinalCandidate[]) => {
  const { reason, counted } = chooseFinals(candidates);
  return [reason, counted.map(({ submissionId }) => submissionId)];
};

describe('what counts if it closed now', () => {
  test('is what the team picked, in the order of arrival', () => {
    const candidates = [aCandidate('c', 90, 3, true), aCandidate('a', 80, 1), aCandidate('b', 100, 2, true)];
    expect(chosen(candidates)).toEqual(['picked', ['b', 'c']]);
  });

  test('without a pick is the best public number, the earliest of equals', () => {
    const candidates = [aCandidate('late', 80, 3), aCandidate('early', 80, 2), aCandidate('worse', 81, 1)];
    expect(chosen(candidates)).toEqual(['best-public', ['early']]);
  });

  test('is never an entry without a number while another has one', () => {
    expect(chosen([aCandidate('accepted', 200, 1), aCandidate('refused', null, 2)])).toEqual([
      'best-public',
      ['accepted'],
    ]);
  });

  test('is the latest where a ladder accepted none, and nothing where there is none', () => {
    expect(chosen([aCandidate('second', null, 2), aCandidate('first', null, 1)])).toEqual(['latest', ['second']]);
    expect(chosen([])).toEqual(['none', []]);
  });
});

const fold = (errors: number) => ({ errors, words: 100, interval: null, standardError: null });

function aFinal(submissionId: string, privateErrors: number, publicErrors = 0, minute = 0): CountedFinal {
  return { submissionId, receivedAt: at(minute), private: fold(privateErrors), public: fold(publicErrors) };
}

function aTeam(id: string, privateErrors: number[], given: Partial<FinalTeam> = {}): FinalTeam {
  const finals = privateErrors.map((errors, i) => aFinal(`${id}${i}`, errors, 0, i));
  const flags = { isGuest: false, isUnranked: false, isDemo: false, members: 2 };
  return { id, name: id, kind: 'team', ...flags, reason: 'picked', finals, ...given };
}

const places = (teams: FinalTeam[]) => placeFinals(teams).map(({ team, place }) => [team.id, place]);

describe('final places', () => {
  test('go by the better of two finals on the private fold, whatever their public numbers', () => {
    expect(betterFinal([aFinal('a', 12, 1), aFinal('b', 11, 9)])?.submissionId).toBe('b');
    expect(places([aTeam('x', [12, 20]), aTeam('y', [30, 11])])).toEqual([
      ['y', 1],
      ['x', 2],
    ]);
  });

  test('are shared by equal counts, and the next place is left out', () => {
    const teams = [aTeam('d', [13]), aTeam('b', [10]), aTeam('a', [10]), aTeam('c', [12])];
    expect(places(teams)).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 3],
      ['d', 4],
    ]);
  });

  test('are not shifted by the baseline, guests, teams that are not ranked and teams without a final', () => {
    const teams = [
      aTeam('guest', [1], { isGuest: true }),
      aTeam('unranked', [2], { isUnranked: true }),
      aTeam('absent', []),
      aTeam('base', [5], { kind: 'baseline' }),
      aTeam('equal', [5]),
      aTeam('first', [4]),
    ];
    expect(places(teams)).toEqual([
      ['guest', null],
      ['unranked', null],
      ['first', 1],
      ['base', null],
      ['equal', 2],
    ]);
  });

  test('beat the baseline with strictly fewer errors, and classes are those of ranked teams alone', () => {
    const teams = [
      aTeam('a', [3]),
      aTeam('b', [5]),
      aTeam('base', [5], { kind: 'baseline' }),
      aTeam('guest', [4], { isGuest: true }),
      aTeam('c', [9]),
    ];
    const ties = { classes: [1, 1, 2], test: { units: 10, seed: 1, resamples: 100 } };
    const rows = resultRows(placeFinals(teams), { ties, pValues: new Map([['a0', 0.25]]) });
    expect(
      rows.map(({ teamId, place, tied, beatsBaseline, pValue }) => [teamId, place, tied, beatsBaseline, pValue]),
    ).toEqual([
      ['a', 1, 1, true, 0.25],
      ['guest', null, null, true, null],
      ['base', null, null, null, null],
      ['b', 2, 1, false, null],
      ['c', 3, null, false, null],
    ]);
  });
});
