/** How errors are divided into substitutions, deletions and insertions where several alignments are as cheap. */
export const tieRules = ['canonical'] as const;

export type Ties = (typeof tieRules)[number];
