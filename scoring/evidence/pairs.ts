import { type Chance, chancesOf, pairsOf } from './chance.ts';
import type { Heard } from './mistakes.ts';
import { countTogether, type SharedMistakes, shareMistakes } from './shared.ts';

/** What is the same in the files of two teams. Whole numbers count mistakes or utterances. */
export type PairFigures = Chance & {
  /** Rare mistakes that both make; that the first makes, and the second. */
  readonly sharedRare: number;
  readonly rare: readonly [number, number];
  /** Of mistakes of any kind, those that both make in those that either makes; 0 to 1. */
  readonly jaccard: number;
  /** Utterances with the same text in both; among those where one of the two is wrong, how many there are and in how many both say the same. */
  readonly sameTexts: number;
  readonly wrongTexts: number;
  readonly sameWrongTexts: number;
};

export type TeamPair = PairFigures & {
  readonly teams: readonly [number, number];
  /** Whether somebody should look at it. */
  readonly standsOut: boolean;
};

export type Comparison = {
  /** Those that stand out first, then by how little chance explains. */
  readonly pairs: readonly TeamPair[];
  /** Mistakes that these two teams make and nobody else, by their keys. */
  onlyOf(pair: TeamPair): Float64Array;
};

/** A mistake is rare where no known system makes it, and of the teams at most this share, and at least these. */
const rareShare = 0.1;
const rareTeams = 3;
/** Of pairs that chance does not explain, so many are let through falsely. */
const falseShare = 0.01;
/** As few shared mistakes as that say nothing, however improbable they are (Harpp & Hogan ask for six). */
const fewestShared = 6;
/** Files are nearly the same where so many of the wrong utterances are; of fewer than that nothing is said. */
const nearlySame = 0.9;
const fewestWrong = 20;

/**
 * Compares the files of all teams, in pairs. `known` are systems that anybody may build on, baselines and files of the organisers: what
 * those get wrong, too, is no sign of anything. `pause` is called now and then, for whoever has other things to do; what it throws
 * ends the comparison.
 */
export async function compareTeams(
  teams: readonly Heard[],
  known: readonly Heard[],
  pause: () => Promise<void> = async () => {},
): Promise<Comparison> {
  const count = teams.length;
  const shared = shareMistakes([...teams, ...known]);
  await pause();
  const isRare = rareAmong(shared, count);
  const size = count + known.length;
  const rare = teamsOnly(countTogether(size, shared, isRare), size, count);
  await pause();
  const common = teamsOnly(
    countTogether(size, shared, (mistake) => !isRare(mistake)),
    size,
    count,
  );
  await pause();
  const chances = chancesOf({ teams: count, shared: rare, likeness: likenessOf(common, count) });
  const isNearKnown = teams.map((team) => known.some((system) => isNearlySame(sameTexts(team, system))));
  const pairs: TeamPair[] = [];
  for (const [i, [a, b]] of pairsOf(count).entries()) {
    if (b === a + 1) await pause();
    const [first, second] = [teams[a]!, teams[b]!];
    const sharedRare = rare[a * count + b]!;
    const both = sharedRare + common[a * count + b]!;
    const either = first.mistakes.length + second.mistakes.length - both;
    const own = (team: number) => teams[team]!.mistakes.length - common[team * count + team]!;
    const texts = sameTexts(first, second);
    const { q } = chances[i]!;
    const isUnlikely = q !== null && q <= falseShare && sharedRare >= fewestShared;
    const standsOut = isUnlikely || (isNearlySame(texts) && !(isNearKnown[a] && isNearKnown[b]));
    const jaccard = either === 0 ? 0 : both / either;
    pairs.push({ teams: [a, b], ...chances[i]!, sharedRare, rare: [own(a), own(b)], jaccard, ...texts, standsOut });
  }
  return { pairs: pairs.sort(byEvidence), onlyOf: ({ teams: [a, b] }) => onlyOf(a, b, shared) };
}

function byEvidence(a: TeamPair, b: TeamPair): number {
  const strength = ({ z, sharedRare, expected }: TeamPair) => z ?? sharedRare - (expected ?? 0);
  return (
    Number(b.standsOut) - Number(a.standsOut) ||
    strength(b) - strength(a) ||
    b.sameWrongTexts - a.sameWrongTexts ||
    a.teams[0] - b.teams[0] ||
    a.teams[1] - b.teams[1]
  );
}

/** Makers are ascending, teams before known systems. */
function rareAmong({ starts, makers }: SharedMistakes, teams: number): (mistake: number) => boolean {
  const most = Math.max(rareTeams, Math.floor(rareShare * teams));
  return (mistake) => {
    const end = starts[mistake + 1]!;
    return end - starts[mistake]! <= most && makers[end - 1]! < teams;
  };
}

function teamsOnly(together: Float64Array, size: number, teams: number): Float64Array {
  return Float64Array.from({ length: teams * teams }, (_, i) => together[Math.floor(i / teams) * size + (i % teams)]!);
}

/** The cosine of two teams' common mistakes. */
function likenessOf(common: Float64Array, teams: number): Float64Array {
  const norm = (team: number) => Math.sqrt(Math.max(1, common[team * teams + team]!));
  return common.map((both, i) => both / (norm(Math.floor(i / teams)) * norm(i % teams)));
}

type SameTexts = Pick<PairFigures, 'sameTexts' | 'wrongTexts' | 'sameWrongTexts'>;

function sameTexts(first: Heard, second: Heard): SameTexts {
  let [same, wrong, sameWrong] = [0, 0, 0];
  for (let i = 0; i < first.texts.length; i += 1) {
    const isSame = Number(first.texts[i] === second.texts[i]);
    const isWrong = 1 - (first.isRight[i]! & second.isRight[i]!);
    same += isSame;
    wrong += isWrong;
    sameWrong += isSame & isWrong;
  }
  return { sameTexts: same, wrongTexts: wrong, sameWrongTexts: sameWrong };
}

function isNearlySame({ wrongTexts, sameWrongTexts }: SameTexts): boolean {
  return wrongTexts >= fewestWrong && sameWrongTexts >= nearlySame * wrongTexts;
}

function onlyOf(first: number, second: number, { keys, starts, makers }: SharedMistakes): Float64Array {
  return keys.filter((_, mistake) => {
    const start = starts[mistake]!;
    return starts[mistake + 1]! - start === 2 && makers[start] === first && makers[start + 1] === second;
  });
}
