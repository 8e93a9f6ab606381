import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FoldResult, gapOf, type ResultRow, type Results } from '#lib/finals.ts';
import { type RevealStep, revealSteps } from '#lib/reveal.ts';
import { sampleResults } from '#lib/reveal-sample.ts';

const fold = (errors: number, standardError: number | null = null): FoldResult => ({
  errors,
  words: 1000,
  interval: null,
  standardError,
});

function aRow(teamId: string, errors: number, given: Partial<ResultRow> = {}): ResultRow {
  const flags = { kind: 'team' as const, isGuest: false, isUnranked: false, members: 1 };
  const about = { submissionId: teamId, reason: 'picked' as const, beatsBaseline: null, pValue: null };
  return {
    teamId,
    team: teamId,
    ...flags,
    ...about,
    place: null,
    tied: null,
    private: fold(errors),
    public: fold(9),
    ...given,
  };
}

function results(rows: readonly ResultRow[]): Results {
  const standing = rows.map(({ teamId, team, kind }, i) => ({ teamId, team, kind, place: i + 1, wer: 0.1 }));
  return { at: '2026-11-29T18:00:00.000Z', labelVersion: 1, ties: null, standing, rows };
}

const order = (steps: readonly RevealStep[]) =>
  steps.map((step) => (step.kind === 'place' ? step.rows.map(({ teamId }) => teamId).join('+') : step.kind));

describe('the steps of a reveal', () => {
  test('go from the last place up, equal places together, the winner last', () => {
    const rows = [
      aRow('a', 1, { place: 1 }),
      aRow('b', 2, { place: 2 }),
      aRow('c', 2, { place: 2 }),
      aRow('base', 3, { kind: 'baseline' }),
      aRow('d', 4, { place: 4 }),
    ];
    expect(order(revealSteps(results(rows)))).toEqual(['standing', 'd', 'base', 'b+c', 'a', 'shake-up', 'gaps', 'end']);
  });

  test('keep the winner for the end, whoever stands above out of competition', () => {
    const rows = [aRow('guest', 1, { isGuest: true }), aRow('a', 2, { place: 1 }), aRow('b', 3, { place: 2 })];
    expect(order(revealSteps(results(rows))).slice(1, 4)).toEqual(['b', 'guest', 'a']);
  });

  test('tell a tie once both of it are shown, not before', () => {
    const rows = [
      aRow('a', 1, { place: 1, tied: 1 }),
      aRow('b', 2, { place: 2, tied: 1 }),
      aRow('c', 3, { place: 3, tied: 2 }),
      aRow('guest', 3, { isGuest: true }),
      aRow('d', 4, { place: 4, tied: 2 }),
    ];
    const shown = revealSteps(results(rows)).flatMap((step) => (step.kind === 'place' ? step.rows : []));
    expect(shown.map(({ teamId, tiedBelow }) => [teamId, tiedBelow])).toEqual([
      ['d', false],
      ['guest', false],
      ['c', true],
      ['b', false],
      ['a', true],
    ]);
  });

  test('of a result without rows are its beginning and its end', () => {
    expect(order(revealSteps(results([])))).toEqual(['standing', 'end']);
  });

  test('show every row exactly once, and name nothing of a row before its step', () => {
    const teams = fc.array(fc.record({ errors: fc.nat(6), kind: fc.constantFrom('ranked', 'guest', 'unranked') }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(teams, (drawn) => {
        const rows = placed(drawn);
        const steps = revealSteps(results(rows));
        const shown = steps.flatMap((step) => (step.kind === 'place' ? step.rows.map(({ teamId }) => teamId) : []));
        expect([...shown].sort()).toEqual(rows.map(({ teamId }) => teamId).sort());
        // Private counts are made to be recognised: none stands in the text of an earlier step.
        steps.forEach((_, i) => {
          const text = JSON.stringify(steps.slice(0, i));
          const later = steps.slice(i).flatMap((step) => (step.kind === 'place' ? step.rows : []));
          for (const row of later) expect(text).not.toContain(`"errors":${row.private.errors},"words":7`);
        });
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  test('(control) a step that tells a later count is caught by the same search', () => {
    const steps = revealSteps(
      results(
        placed([
          { errors: 1, kind: 'ranked' },
          { errors: 2, kind: 'ranked' },
        ]),
      ),
    );
    const winner = steps.flatMap((step) => (step.kind === 'place' && step.isWinner ? step.rows : []))[0]!;
    expect(JSON.stringify([steps[0], winner])).toContain(`"errors":${winner.private.errors},"words":7`);
  });
});

/** Rows of which those with equal errors share a place; the private fold has words that no other number has. */
function placed(drawn: readonly { errors: number; kind: string }[]): ResultRow[] {
  const sorted = [...drawn].sort((a, b) => a.errors - b.errors);
  let [ranked, place, errors] = [0, 0, -1];
  return sorted.map((each, i) => {
    const isRanked = each.kind === 'ranked';
    // Only equal places share a count.
    const own = { private: { ...fold(9000 + 100 * each.errors + (isRanked ? 0 : i + 1)), words: 7 } };
    const flags = { isGuest: each.kind === 'guest', isUnranked: each.kind === 'unranked' };
    if (!isRanked) return aRow(`t${i}`, 0, { ...own, ...flags });
    ranked += 1;
    if (each.errors !== errors) place = ranked;
    errors = each.errors;
    return aRow(`t${i}`, 0, { ...own, place, tied: 1 });
  });
}

describe('the generalisation gap', () => {
  test('is private minus public, its variance the sum of both', () => {
    const gap = gapOf({ private: fold(160, 0.03), public: fold(120, 0.04) });
    expect(gap?.difference).toBeCloseTo(0.04, 12);
    expect(gap?.interval?.[0]).toBeCloseTo(0.04 - 1.959964 * 0.05, 6);
    expect(gap?.interval?.[1]).toBeCloseTo(0.04 + 1.959964 * 0.05, 6);
  });

  test('has no interval where a fold tells none, and is nothing without words', () => {
    expect(gapOf({ private: fold(500, null), public: fold(250, 0.04) })).toEqual({ difference: 0.25, interval: null });
    expect(gapOf({ private: { ...fold(0), words: 0 }, public: fold(120) })).toBeNull();
  });
});

test('a made-up result has all that a reveal may meet: equal places, a tie, a guest, the baseline', () => {
  const { rows } = sampleResults(12, (number) => `Team ${number}`, 'Baseline');
  expect(rows).toHaveLength(13);
  const places = rows.flatMap(({ place }) => place ?? []);
  expect(new Set(places).size).toBeLessThan(places.length);
  expect(rows.some(({ tied }) => tied !== null)).toBe(true);
  expect(rows.filter(({ place }) => place === null).map(({ kind, isGuest }) => [kind, isGuest])).toEqual(
    expect.arrayContaining([
      ['team', true],
      ['baseline', false],
    ]),
  );
});
