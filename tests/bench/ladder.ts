import { foldLadder } from '#lib/ladder.ts';
import { type Attack, attacks } from './attacks.ts';
import type { Figure } from './measure.ts';
import { errorsOf, openContest, type Policy, type Scene, scoreOf, setScene } from './probing.ts';
import { mean, total } from './simulated.ts';
import { subsidisedClimb } from './subsidised-climb.ts';

const corpora = 40;
const tries = 100;

/** What a public fold of so many utterances is held to, in points. */
const bounds = [
  { utterances: 300, gain: 0.5, control: 3, lag: 0.75 },
  { utterances: 1000, gain: 0.35, control: 2, lag: 0.4 },
];

/**
 * How far below its best honest system a team gets on the public fold by probing it a hundred times, under each policy, in points:
 * the best of eight attacks by its mean over 40 made-up folds, and a ninth that is known to get further against the ladder. And
 * how far the ladder lags behind an honest team.
 */
export async function ladder(): Promise<Figure[]> {
  return bounds.flatMap(({ utterances, gain, control, lag }) => {
    const scenes = Array.from({ length: corpora }, (_, corpus) => setScene(utterances, corpus));
    const against = (policy: Policy, bound: Bound, tried = attacks): Figure => {
      const { name, value } = bestAttack(scenes, policy, tried);
      return { what: `${utterances} utterances, ${policy}: gain by ${name}`, value, unit: 'points', ...bound };
    };
    return [
      against('exact', { least: control }),
      against('open', {}),
      against('ladder without a seed', {}),
      against('ladder', { most: gain }),
      against('ladder', {}, { 'subsidised climb': subsidisedClimb }),
      ...honestTeam(utterances, scenes, lag),
    ];
  });
}

type Bound = { most?: number; least?: number };

function bestAttack(scenes: readonly Scene[], policy: Policy, tried: Record<string, Attack>) {
  const byAttack = Object.entries(tried).map(([name, attack]) => {
    const gains = scenes.map((scene) => {
      const { contest, counted } = openContest(scene, policy, tries);
      const final = total(errorsOf(scene, attack(contest)));
      const honest = Math.min(...scene.systems.map(total));
      return (100 * (honest - Math.min(counted(), final))) / scene.fold.totalWords;
    });
    return { name, value: mean(gains) };
  });
  return byAttack.reduce((a, b) => (b.value > a.value ? b : a));
}

/** Thirty versions of one system whose true error rate falls from 20 to 12 %, against the best of them so far. */
function honestTeam(utterances: number, scenes: readonly Scene[], most: number): Figure[] {
  const lag = (baselineOf: (scene: Scene) => Int32Array) =>
    mean(scenes.map((scene) => followed(scene, baselineOf(scene))));
  const what = `${utterances} utterances, ladder: lag behind a team from`;
  return [
    { what: `${what} the baseline`, value: lag(({ versions }) => versions[0]!), unit: 'points', most },
    { what: `${what} elsewhere`, value: lag(({ baseline }) => baseline), unit: 'points' },
  ];
}

/** The mean over versions of the points between the shown number (the baseline's, before the first) and the best so far. */
function followed({ fold, versions }: Scene, baseline: Int32Array): number {
  const entry = (errors: Int32Array) => ({ errors, referenceWords: fold.words });
  const tried = versions.slice(1);
  const accepted = foldLadder({ baseline: entry(baseline), unitOf: fold.unitOf }, tried.map(entry));
  const points = (errors: Int32Array) => (100 * total(errors)) / fold.totalWords;
  let best = points(baseline);
  let shown = scoreOf(fold, baseline).werPermille / 10;
  return mean(
    tried.map((errors, v) => {
      best = Math.min(best, points(errors));
      if (accepted[v]) shown = scoreOf(fold, errors).werPermille / 10;
      return Math.abs(shown - best);
    }),
  );
}
