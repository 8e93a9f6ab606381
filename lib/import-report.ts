import type { Split } from '#lib/competition.ts';
import type { Problem } from '#lib/problems.ts';

/** What there is to say of an import that went through. It goes to the web: ids, lines and counts, never what is said in test. */
export type ImportReport = {
  sizes: { split: Split; utterances: number; seconds: number }[];
  warnings: (Problem & { file: string })[];
  /** Recordings that were here already, and those that were copied. */
  kept: number;
  copied: number;
};
