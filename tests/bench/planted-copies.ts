import { createRandom, drawBelow, type RandomSource } from '#scoring/statistics/random.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { uniform } from './simulated.ts';

/** Made-up competitions in which some teams build on the same public models, and some copied another team's file. */
export type CopyShape = {
  utterances: number;
  /** Teams that work by themselves, each on one of so many public models. */
  teams: number;
  backbones: number;
  /** Of each copy, the share of words that were edited. */
  edits: readonly number[];
};

export type PlantedCopies = {
  labels: Words[];
  /** Independent teams, then copies. */
  teams: number;
  /** What a team says of every utterance, made when asked. */
  heardBy(team: number): Words[];
  /** The same of a public model. */
  heardByModel(backbone: number): Words[];
  /** Whom each copy copied, by the number of the copy. */
  copied: ReadonlyMap<number, number>;
};

const vocabulary = 5000;
const wrongRate = 0.15;
/** Of its words a team has these shares from the public model, and from what training on the same open data makes of that model. */
const fromModel = 0.45;
const fromTraining = 0.35;

/** Words are numbers until they are asked for; −1 is a word that is missing. */
export function plantCopies({ utterances, teams, backbones, edits }: CopyShape, seed: number): PlantedCopies {
  const random = createRandom(seed);
  const lengths = Array.from({ length: utterances }, () => 3 + drawBelow(random, 12));
  // Squared draws: few words are frequent.
  const spoken = Int16Array.from({ length: lengths.reduce((a, b) => a + b) }, () =>
    Math.floor(vocabulary * uniform(random) ** 2),
  );
  const hardness = Float64Array.from(spoken, () => 0.3 + 1.4 * uniform(random));
  const hear = (chance: RandomSource, word: number): number => {
    const said = spoken[word]!;
    if (uniform(chance) >= wrongRate * hardness[word]!) return said;
    const way = uniform(chance);
    if (way < 0.2) return -1;
    // What sounds most like a word is said instead of it by everybody alike, or one of a few others.
    return way < 0.6 ? (said * 7 + 1) % vocabulary : (said * 11 + drawBelow(chance, 40)) % vocabulary;
  };
  const whole = (chance: RandomSource) => spoken.map((_, word) => hear(chance, word));
  const models = Array.from({ length: backbones }, (_, b) => whole(createRandom(seed * 1000 + 500 + b)));
  const trained = Array.from({ length: backbones }, (_, b) => whole(createRandom(seed * 1000 + 600 + b)));
  const own = (team: number): Int16Array => {
    const chance = createRandom(seed * 1000 + team);
    const backbone = team % backbones;
    return spoken.map((_, word) => {
      const from = uniform(chance);
      if (from < fromModel) return models[backbone]![word]!;
      return from < fromModel + fromTraining ? trained[backbone]![word]! : hear(chance, word);
    });
  };
  const copied = new Map(edits.map((_, i) => [teams + i, Math.floor(((i + 1) * teams) / (edits.length + 1))]));
  const copy = (team: number): Int16Array => {
    const chance = createRandom(seed * 1000 + team);
    const share = edits[team - teams]!;
    return own(copied.get(team)!).map((heard, word) => {
      if (uniform(chance) >= share) return heard;
      return uniform(chance) < 0.5 ? spoken[word]! : drawBelow(chance, vocabulary);
    });
  };
  const inWords = (heard: ArrayLike<number>): Words[] => {
    let from = 0;
    return lengths.map((length) => {
      const words = Array.from({ length }, (_, i) => heard[from + i]!);
      from += length;
      return normalise(
        words
          .filter((word) => word >= 0)
          .map((word) => `w${word}`)
          .join(' '),
      );
    });
  };
  return {
    labels: inWords(spoken),
    teams: teams + edits.length,
    heardBy: (team) => inWords(team < teams ? own(team) : copy(team)),
    heardByModel: (backbone) => inWords(models[backbone]!),
    copied,
  };
}
