/**
 * Adjusted p-values, in the order of the given ones: of those up to a level, that share at most is expected to be false where tests are
 * independent or positively dependent. The i-th smallest of m becomes the least of m · p_j / j over j ≥ i. Source: Benjamini & Hochberg
 * (1995).
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length);
  let least = 1;
  order.forEach((index, fromLast) => {
    least = Math.min(least, (pValues.length * pValues[index]!) / (pValues.length - fromLast));
    adjusted[index] = least;
  });
  return adjusted;
}
