import type problemMessages from './messages/en/problems.json';
import { isMessageKey, type Translate } from './messages/translate.ts';

/** Every code that has a sentence in the area `problems`. */
export type ProblemCode = Exclude<keyof typeof problemMessages, `warning-${string}`>;

/** Something a person should look at though the file is taken. */
export type WarningCode = Extract<keyof typeof problemMessages, `warning-${string}`>;

/**
 * One thing wrong with a file somebody gave us: where it is and what it is, in terms a translator can turn into a sentence
 * (`problems.${code}` in lib/messages). Files are refused with all their problems at once, so nobody fixes them one by one.
 */
export type Problem<Code extends string = string> = {
  /** 1-based; 0 where the problem is of the file as a whole. */
  line: number;
  /** 1-based, in code points; 0 where the problem is of the whole line or file. */
  column: number;
  code: Code;
  values: Record<string, string | number>;
};

/** What is wrong and what to do, in the reader's language. A stored problem whose code is no longer known reads as that code. */
export function sentenceOf(problem: Pick<Problem, 'code' | 'values'>, t: Translate): string {
  const key = `problems.${problem.code}`;
  return isMessageKey(key) ? t(key, problem.values) : problem.code;
}
