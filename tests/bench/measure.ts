/** A figure of a benchmark; `most` or `least` is the bound it is held to, where it has one. */
export type Figure = {
  what: string;
  value: number;
  unit: 's' | 'ms' | 'MB' | 'kB' | '×' | 'points' | '%' | 'pairs' | 'fps' | 'files a second' | 'cores';
  most?: number;
  least?: number;
};

export type Benchmark = () => Promise<Figure[]>;

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share `p` of the values lies, nearest rank. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))]!;
}

export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1000;
}
