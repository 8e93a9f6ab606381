/*
 * The seeded paired ladder: a number is shown only for a significant paired improvement over the team's best so far, and the
 * first best is the baseline. Without that seed a team could begin with blanks and be shown a number at every step up. A pure
 * fold over a team's scored submissions, in the order of their arrival, in whole numbers throughout: the same on every machine.
 * Sources: Blum & Hardt, The Ladder (2015), for accepting against the best by the paired deviation; Cochran, Sampling Techniques
 * (1977), §§2.11 and 6, for the standard error of a difference of ratios over units.
 */

/** One submission on the public fold, one entry per utterance, whole numbers ≥ 0; words are those of the wording that counts. */
export type LadderEntry = { readonly errors: ArrayLike<number>; readonly referenceWords: ArrayLike<number> };

/** `unitOf` names each utterance's unit (what is taken as one draw, such as a speaker) by a number from 0 on. */
export type LadderStart = { readonly baseline: LadderEntry; readonly unitOf: ArrayLike<number> };

export type Ladder = {
  /** Takes the team's next submission: true where it is the new best, and its score may be shown. */
  step(entry: LadderEntry): boolean;
};

/** Up to here, one useless try in a hundred passes: z = 2.33. */
const plainTries = 100;

/** An improvement that would not change the shown number is none: 0.1 points. */
const leastRate = 0.001;

/** Throws a `RangeError` where an entry has another number of utterances than `unitOf`, or counts that are too large to be exact. */
export function createLadder({ baseline, unitOf }: LadderStart): Ladder {
  let best = poolUnits(baseline, unitOf);
  let tries = 0;
  return {
    step(entry) {
      tries += 1;
      const next = poolUnits(entry, unitOf);
      if (!improves(next, best, tries)) return false;
      best = next;
      return true;
    },
  };
}

/** Which of a team's submissions are shown: one answer per entry, in their order. */
export function foldLadder(start: LadderStart, entries: Iterable<LadderEntry>): boolean[] {
  const ladder = createLadder(start);
  return Array.from(entries, (entry) => ladder.step(entry));
}

/**
 * What is announced as the improvement that a new number takes, in thousandths (steps of 0.1 points), for one of the first tries:
 * z times the standard error of the difference of two systems as variable over utterances as the baseline, whose errors correlate
 * by one half; what a unit makes hard for both cancels. A system nearer to the team's best needs less, another one more. One
 * number for all, rounded, that no submission changes. Null where nothing is ever accepted: without words and with a single unit.
 */
export function ladderThreshold({ baseline, unitOf }: LadderStart): number | null {
  const { errors, referenceWords } = baseline;
  const { totalErrors, totalWords, errors: byUnit } = poolUnits(baseline, unitOf);
  if (totalWords === 0 || byUnit.length < 2) return null;
  const rate = totalErrors / totalWords;
  let squares = 0;
  for (let i = 0; i < errors.length; i += 1) squares += (errors[i]! - rate * referenceWords[i]!) ** 2;
  const standardError = Math.sqrt((errors.length / (errors.length - 1)) * squares) / totalWords;
  const critical = Math.sqrt(criticalSquare(1) / squareScale);
  return Math.max(1, Math.round((critical * standardError) / leastRate));
}

/** That threshold for a team's try number `tries`, from the one for its first. */
export function thresholdAtTry(permille: number, tries: number): number {
  return Math.round(permille * Math.sqrt(criticalSquare(tries) / criticalSquare(1)));
}

/** Sums per unit. */
type Pooled = { errors: Float64Array; words: Float64Array; totalErrors: number; totalWords: number };

/** A sum of products of two columns is at most the product of their totals, and so exact in a double. */
const largestTotal = Math.floor(Math.sqrt(Number.MAX_SAFE_INTEGER));

function poolUnits({ errors, referenceWords }: LadderEntry, unitOf: ArrayLike<number>): Pooled {
  if (errors.length !== unitOf.length || referenceWords.length !== unitOf.length)
    throw new RangeError(`${errors.length} utterances of ${unitOf.length}`);
  let units = 0;
  for (let i = 0; i < unitOf.length; i += 1) units = Math.max(units, unitOf[i]! + 1);
  const pooled = { errors: new Float64Array(units), words: new Float64Array(units), totalErrors: 0, totalWords: 0 };
  for (let i = 0; i < unitOf.length; i += 1) {
    pooled.errors[unitOf[i]!]! += errors[i]!;
    pooled.words[unitOf[i]!]! += referenceWords[i]!;
    pooled.totalErrors += errors[i]!;
    pooled.totalWords += referenceWords[i]!;
  }
  if (pooled.totalErrors > largestTotal || pooled.totalWords > largestTotal)
    throw new RangeError(`more than ${largestTotal} words`);
  return pooled;
}

/** z² is a whole number of these parts. */
const squareScale = 10_000;

/** z²: 2.33² up to a hundred tries, from then on 2·ln(tries), what the largest of so many useless ones comes to. */
function criticalSquare(tries: number): number {
  return tries <= plainTries ? 54_289 : Math.round(2 * squareScale * Math.log(tries));
}

/**
 * Whether R_next − R_best < −max(z·SE, 0.1 points), R = ΣE/ΣN, with SE² = G/(G−1) · Σu² over G units and
 * u = (E_g − R·N_g)/ΣN of the next minus that of the best. Multiplied by ΣN of both, everything is a whole number.
 */
function improves(next: Pooled, best: Pooled, tries: number): boolean {
  const units = next.errors.length;
  if (units < 2 || next.totalWords === 0 || best.totalWords === 0) return false;
  const [nextErrors, nextWords] = [BigInt(next.totalErrors), BigInt(next.totalWords)];
  const [bestErrors, bestWords] = [BigInt(best.totalErrors), BigInt(best.totalWords)];
  const gain = bestErrors * nextWords - nextErrors * bestWords;
  const product = nextWords * bestWords;
  if (1000n * gain <= product) return false;
  const squares = sumOfSquares(
    [next.errors, next.words, best.errors, best.words],
    [
      nextWords * bestWords ** 2n,
      -nextErrors * bestWords ** 2n,
      -bestWords * nextWords ** 2n,
      bestErrors * nextWords ** 2n,
    ],
  );
  const significant = gain ** 2n * product ** 2n * BigInt(units - 1) * BigInt(squareScale);
  return significant > BigInt(criticalSquare(tries)) * BigInt(units) * squares;
}

/** Σ over units of (Σ over columns of weight · value)². */
function sumOfSquares(columns: readonly Float64Array[], weights: readonly bigint[]): bigint {
  let sum = 0n;
  columns.forEach((a, i) => {
    columns.forEach((b, j) => {
      const products = a.reduce((total, value, g) => total + value * b[g]!, 0);
      sum += weights[i]! * weights[j]! * BigInt(products);
    });
  });
  return sum;
}
