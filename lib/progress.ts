/** When a file arrived, and what its shown error rate is, in thousandths. */
export type ShownEntry = { at: Date; permille: number };

/** Every improvement of the shown best, as the board's rows hold them: instants as ISO 8601, rates as ratios. */
export function bestOverTime(entries: readonly ShownEntry[]): [string, number][] {
  const steps: [string, number][] = [];
  let best = Number.POSITIVE_INFINITY;
  for (const { at, permille } of [...entries].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    if (permille >= best) continue;
    best = permille;
    steps.push([at.toISOString(), permille / 1000]);
  }
  return steps;
}
