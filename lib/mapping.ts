/** Spellings that a competition counts as others: words, or runs of words, and what they are read as. */
export type Mapping = readonly { from: string; to: string }[];
