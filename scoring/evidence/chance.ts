import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { normalSurvival } from '../statistics/distributions.ts';

/*
 * How many rare mistakes two teams would share if they had nothing to do with each other. Teams that build on the same public model share
 * many, so strangers are no measure: each is compared with the teams that are most like the other.
 */

/** [teams, teams], and by team where there is one number each. */
export type Rarities = {
  readonly teams: number;
  /** Rare mistakes that both make; on the diagonal those that one makes with anybody. */
  readonly shared: Float64Array;
  /** How alike two are by mistakes that are not rare, which a copy of one's rare ones does not touch; 0 to 1. */
  readonly likeness: Float64Array;
};

/** `expected` null where there are too few teams to say; then `z` and `q` are null, too. */
export type Chance = {
  readonly expected: number | null;
  readonly z: number | null;
  /** Adjusted by Benjamini and Hochberg over all pairs. */
  readonly q: number | null;
};

/** So many teams that are most like one stand for it. */
const mostPeers = 6;
/** With fewer teams than this nobody can be compared with others. */
export const fewestTeams = 5;
/** From so many pairs on, how far they scatter can be told from the pairs. */
const manyPairs = 45;
/** The median absolute deviation of a normal distribution times this is its standard deviation. */
const deviations = 1.4826;

/**
 * For each pair of teams, in the order (0, 1), (0, 2) … (1, 2) …: what A shares with the teams most like B, and B with those most like A,
 * in proportion to how many mistakes those share with anybody. The expected number is the median, which leaves a ring of several
 * copies visible; z counts in standard deviations, of Poisson and of those teams, and of the two directions the lower one holds. Where
 * all pairs scatter more widely, it counts in theirs (an empirical null; Efron, Large-Scale Simultaneous Hypothesis Testing, 2004).
 */
export function chancesOf(rarities: Rarities): Chance[] {
  const { teams } = rarities;
  const pairs = pairsOf(teams);
  if (teams < fewestTeams) return pairs.map(() => ({ expected: null, z: null, q: null }));
  const peers = Array.from({ length: teams }, (_, team) => peersOf(team, rarities));
  const found = pairs.map(([a, b]) => {
    const [one, other] = [against(a, b, peers[b]!, rarities), against(b, a, peers[a]!, rarities)];
    return one.z < other.z ? one : other;
  });
  const zs = scaled(found.map(({ z }) => z));
  const qs = benjaminiHochberg(zs.map(normalSurvival));
  return found.map(({ expected }, i) => ({ expected, z: zs[i]!, q: qs[i]! }));
}

/** What `team` shares with `other`, against what it shares with the teams most like that one. */
function against(team: number, other: number, peers: readonly number[], { teams, shared }: Rarities) {
  const withAnybody = (each: number) => Math.max(1, shared[each * teams + each]!);
  const values = peers
    .filter((peer) => peer !== team)
    .slice(0, mostPeers)
    .map((peer) => (shared[team * teams + peer]! * withAnybody(other)) / withAnybody(peer));
  const expected = median(values);
  const spread = deviations * median(values.map((value) => Math.abs(value - expected)));
  return { expected, z: (shared[team * teams + other]! - expected) / Math.sqrt(expected + 1 + spread * spread) };
}

export function pairsOf(count: number): [number, number][] {
  return Array.from({ length: count }, (_, a) =>
    Array.from({ length: count - a - 1 }, (_, i): [number, number] => [a, a + 1 + i]),
  ).flat();
}

/** The teams most like this one, the most alike first. */
function peersOf(team: number, { teams, likeness }: Rarities): number[] {
  const alike = (other: number) => likeness[team * teams + other]!;
  return [...Array(teams).keys()]
    .filter((other) => other !== team)
    .sort((a, b) => alike(b) - alike(a) || a - b)
    .slice(0, mostPeers + 1);
}

function scaled(zs: readonly number[]): number[] {
  if (zs.length < manyPairs) return [...zs];
  const middle = median(zs);
  const spread = deviations * median(zs.map((z) => Math.abs(z - middle)));
  return zs.map((z) => (z - Math.max(0, middle)) / Math.max(1, spread));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
