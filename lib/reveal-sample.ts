import { type FinalTeam, type FoldResult, placeFinals, type Results, resultRows, standingOf } from '#lib/finals.ts';
import { rateInterval } from '#lib/scores.ts';

/*
 * A made-up result, to rehearse a reveal without unsealing the real one: everything that may happen in one, and nobody's numbers.
 */

const words = 4000;
/** About that of a fold of forty speakers. */
const standardError = 0.008;

/**
 * Teams by number, `nameOf` them; among them equal counts, a guest, a class of ties and the baseline. The same at every call.
 */
export function sampleResults(teams: number, nameOf: (number: number) => string, baseline: string): Results {
  const entries = Array.from({ length: teams }, (_, i) => aTeam(i, nameOf(i + 1)));
  const placed = placeFinals([...entries, aBaseline(baseline)]);
  // Classes of three places.
  const classes = placed.filter(({ place }) => place !== null).map((_, i) => Math.floor(i / 3) + 1);
  const ties = { classes, test: { units: 40, seed: 1, resamples: 10_000 } };
  const rows = resultRows(placed, { ties, pValues: new Map() });
  return {
    at: new Date(0).toISOString(),
    labelVersion: 1,
    ties: ties.test,
    standing: standingOf(board(placed), rows),
    rows,
  };
}

function aTeam(i: number, name: string): FinalTeam {
  // Every fifth team shares its count with the one before; what changes places between the folds is a wave.
  const step = i % 5 === 4 ? i - 1 : i;
  const publicErrors = 420 + 24 * i;
  const privateErrors = 450 + 24 * step + Math.round(70 * Math.sin(step * 2.3));
  return team(`sample-${i}`, name, { isGuest: i === 2 }, publicErrors, privateErrors);
}

function aBaseline(name: string): FinalTeam {
  return team('sample-baseline', name, { kind: 'baseline' }, 640, 655);
}

function team(
  id: string,
  name: string,
  given: Partial<Pick<FinalTeam, 'kind' | 'isGuest'>>,
  publicErrors: number,
  privateErrors: number,
): FinalTeam {
  const folds = { public: fold(publicErrors), private: fold(privateErrors) };
  const final = { submissionId: id, receivedAt: new Date(0), ...folds };
  const flags = { kind: 'team' as const, isGuest: false, isUnranked: false, isDemo: false, members: 3 };
  return { id, name, ...flags, ...given, reason: 'picked', finals: [final] };
}

function fold(errors: number): FoldResult {
  const counts = { hits: words - errors, substitutions: errors, deletions: 0, insertions: 0 };
  return { errors, words, interval: rateInterval(counts, standardError), standardError };
}

/** The public board of these teams. */
function board(placed: ReturnType<typeof placeFinals>): Parameters<typeof standingOf>[0] {
  const inOrder = [...placed].sort((a, b) => a.final.public.errors - b.final.public.errors);
  let rank = 0;
  return inOrder.map(({ team: { id, name, kind, isGuest, isDemo, members }, final }) => ({
    rank: kind === 'team' && !isGuest ? ++rank : null,
    team: name,
    isBaseline: kind === 'baseline',
    wer: Math.round((1000 * final.public.errors) / words) / 1000,
    interval: null,
    tied: null,
    entries: 1,
    lastAt: null,
    change: null,
    history: [],
    teamId: id,
    kind,
    isGuest,
    isDemo,
    members,
  }));
}
