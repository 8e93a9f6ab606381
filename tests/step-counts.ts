import { type ErrorCounts, noCounts } from '#lib/counts.ts';
import type { AlignmentStep } from '#scoring/wer/align.ts';

const keys = { hit: 'hits', substitution: 'substitutions', deletion: 'deletions', insertion: 'insertions' } as const;

/** What the steps of an alignment come to, counted one by one. */
export function countsOf(steps: readonly AlignmentStep[]): ErrorCounts {
  const counts = { ...noCounts };
  for (const { kind } of steps) counts[keys[kind]] += 1;
  return counts;
}
