/**
 * One thing wrong with a file somebody gave us: where it is and what it is, in terms a translator can turn into a sentence
 * (`problems.${code}` in lib/messages). Files are refused with all their problems at once, so nobody fixes them one by one.
 */
export type Problem = {
  /** 1-based; 0 where the problem is of the file as a whole. */
  line: number;
  /** 1-based, in code points; 0 where the problem is of the whole line or file. */
  column: number;
  code: string;
  values: Record<string, string | number>;
};
