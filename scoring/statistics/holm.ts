/**
 * Adjusted p-values, in the order of the given ones: rejecting those below α keeps the chance of any false rejection below α,
 * whatever ties the tests together. The i-th smallest of m becomes the greatest of (m − j + 1)·p_j over j ≤ i, at most 1.
 * Source: Holm (1979).
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let greatest = 0;
  order.forEach((index, position) => {
    greatest = Math.max(greatest, Math.min(1, (pValues.length - position) * pValues[index]!));
    adjusted[index] = greatest;
  });
  return adjusted;
}
