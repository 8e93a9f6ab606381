import { pairsOf } from '#scoring/evidence/chance.ts';
import { createListener, type Heard } from '#scoring/evidence/mistakes.ts';
import { compareTeams } from '#scoring/evidence/pairs.ts';
import { countTogether, shareMistakes } from '#scoring/evidence/shared.ts';
import { benjaminiHochberg } from '#scoring/statistics/benjamini-hochberg.ts';
import { normalSurvival } from '#scoring/statistics/distributions.ts';
import type { Words } from '#scoring/wer/normalise.ts';
import type { Figure } from './measure.ts';
import { type CopyShape, type PlantedCopies, plantCopies } from './planted-copies.ts';

const rounds = 5;
const shape: CopyShape = { utterances: 1000, teams: 40, backbones: 3, edits: [0.05, 0.1, 0.15, 0.2, 0.25, 0.3] };
const large: CopyShape = { utterances: 10_000, teams: 194, backbones: 5, edits: shape.edits };

/**
 * Forty teams on three public models and six copies with 5 to 30 % of their words edited: how many copies stand out, and how many other
 * pairs do, at worst. The control takes all mistakes to be independent and counts those of the public models, too.
 */
export async function evidence(): Promise<Figure[]> {
  const found: { copies: number; others: number; without: number; control: number }[] = [];
  for (let seed = 1; seed <= rounds; seed += 1) {
    const planted = plantCopies(shape, seed);
    const { teams, known } = listen(planted, shape.backbones);
    const isCopy = (a: number, b: number) => planted.copied.get(b) === a;
    const standing = async (models: readonly Heard[]) =>
      (await compareTeams(teams, models)).pairs.flatMap((pair) => (pair.standsOut ? [pair.teams] : []));
    const others = (pairs: readonly (readonly [number, number])[]) => pairs.filter(([a, b]) => !isCopy(a, b)).length;
    const pairs = await standing(known);
    found.push({
      copies: pairs.filter(([a, b]) => isCopy(a, b)).length,
      others: others(pairs),
      without: others(await standing([])),
      control: others(asIfIndependent(teams)),
    });
  }
  const worst = (what: string, values: readonly number[], pick: (...all: number[]) => number): Figure => ({
    what,
    value: pick(...values),
    unit: 'pairs',
  });
  const of = (key: keyof (typeof found)[number]) => found.map((each) => each[key]);
  return [
    { ...worst('of 6 copies, standing out at least', of('copies'), Math.min), least: 6 },
    { ...worst('other pairs standing out at most, of 1,029', of('others'), Math.max), most: 1 },
    worst('the same where organisers brought no public model', of('without'), Math.max),
    { ...worst('other pairs, all mistakes taken for independent, at least', of('control'), Math.min), least: 50 },
    ...(await timing()),
  ];
}

async function timing(): Promise<Figure[]> {
  const planted = plantCopies(large, 9);
  const listener = createListener(planted.labels.map((label) => [label]));
  let listening = 0;
  const teams = Array.from({ length: planted.teams }, (_, team) => {
    const words = planted.heardBy(team);
    const start = performance.now();
    const heard = hearAll(listener, words);
    listening += performance.now() - start;
    return heard;
  });
  const known = Array.from({ length: large.backbones }, (_, b) => hearAll(listener, planted.heardByModel(b)));
  const start = performance.now();
  const { pairs } = await compareTeams(teams, known);
  const comparing = performance.now() - start;
  const isFound = ([a, b]: readonly [number, number]) => planted.copied.get(b) === a;
  return [
    { what: '200 files of 10,000 utterances: align', value: listening / 1000, unit: 's' },
    { what: 'compare all 19,900 pairs', value: comparing / 1000, unit: 's' },
    {
      what: 'of 6 copies among them, standing out',
      value: pairs.filter(({ standsOut, teams }) => standsOut && isFound(teams)).length,
      unit: 'pairs',
    },
    {
      what: 'other pairs standing out, of 19,894',
      value: pairs.filter(({ standsOut, teams }) => standsOut && !isFound(teams)).length,
      unit: 'pairs',
    },
  ];
}

function listen(planted: PlantedCopies, backbones: number): { teams: Heard[]; known: Heard[] } {
  const listener = createListener(planted.labels.map((label) => [label]));
  return {
    teams: Array.from({ length: planted.teams }, (_, team) => hearAll(listener, planted.heardBy(team))),
    known: Array.from({ length: backbones }, (_, b) => hearAll(listener, planted.heardByModel(b))),
  };
}

function hearAll(listener: ReturnType<typeof createListener>, texts: readonly Words[]): Heard {
  const file = listener.createFile();
  for (const [utterance, words] of texts.entries()) file.hear(utterance, words);
  return file.heard();
}

/** Each mistake that anybody makes is made by two teams as often as both make mistakes at all. */
function asIfIndependent(teams: readonly Heard[]): [number, number][] {
  const shared = shareMistakes(teams);
  const together = countTogether(teams.length, shared, () => true);
  const possible = new Set(teams.flatMap(({ mistakes }) => [...mistakes])).size;
  const pairs = pairsOf(teams.length);
  const qs = benjaminiHochberg(
    pairs.map(([a, b]) => {
      const expected = (teams[a]!.mistakes.length * teams[b]!.mistakes.length) / possible;
      return normalSurvival((together[a * teams.length + b]! - expected) / Math.sqrt(expected));
    }),
  );
  return pairs.filter((_, i) => qs[i]! <= 0.01);
}
