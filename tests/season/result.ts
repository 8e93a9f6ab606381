import type { Stage } from './opening.ts';
import { absent, baselineWrong, type Entrant, errorsOn, guest, readFolds, unranked } from './world.ts';

/** What the private fold says of a team's final; `place` null where it is not ranked. */
export type Foretold = { name: string; team: string; errors: number; place: number | null; points: number };

/** The file that a team handed in during the freeze: one wrong word. */
const inFreeze = { team: 'Фонема', wrong: 1 };

/**
 * Places and project points by the rules, from the files alone: without a pick the best public file counts, places are 1 + the ranked
 * teams with fewer errors, equals share the mean of the places that they span, and who was not at the defence has no points.
 */
export async function foretellPlaces({
  entrants,
  recordings,
}: Pick<Stage, 'entrants' | 'recordings'>): Promise<Foretold[]> {
  const foldOf = await readFolds();
  const on = (fold: 'public' | 'private', wrong: number) => errorsOn(foldOf, recordings, fold, wrong);
  const finalOf = ({ team, wrong, pick }: Entrant): number => {
    if (pick !== undefined) return wrong[pick]!;
    const all = team === inFreeze.team ? [...wrong, inFreeze.wrong] : wrong;
    return all.reduce((best, next) => (on('public', next) < on('public', best) ? next : best));
  };
  const counted = entrants.map((entrant) => ({ ...entrant, errors: on('private', finalOf(entrant)) }));
  const ranked = counted.filter(({ team }) => team !== guest && team !== unranked);
  const limit = on('private', baselineWrong);
  return counted
    .map(({ name, team, errors }) => {
      const isRanked = ranked.some((one) => one.team === team);
      const better = ranked.filter((one) => one.errors < errors).length;
      const equal = ranked.filter((one) => one.errors === errors).length;
      const mean = better + (equal + 1) / 2;
      const forPlace = (20 * (ranked.length - mean)) / (ranked.length - 1);
      const points = !isRanked || team === absent ? 0 : (errors < limit ? 20 : 0) + forPlace;
      return { name, team, errors, place: isRanked ? better + 1 : null, points: Math.round(points * 100) / 100 };
    })
    .sort((a, b) => a.errors - b.errors);
}
