import { align } from '#scoring/wer/align.ts';
import { bracketsRemovedBy, type Normaliser, type Words } from '#scoring/wer/normalise.ts';

/**
 * One word as it is scored, or what was left out (`word` null). `was` is what stood there, null where it stood just so;
 * `by` is what changed it.
 */
export type SeenWord = { word: string | null; was: string | null; by: 'profile' | 'mapping' };

/** `line` is 1-based; `isCutByBrackets` where text goes because it stands in brackets. */
export type SeenLine = { line: number; typed: string; words: readonly SeenWord[]; isCutByBrackets: boolean };

/** The longest text that is shown, in code points. */
export const longestText = 10_000;

/** Line by line what scoring makes of a text: `plain` is the profile alone, `full` the profile with its mapping. */
export function look(text: string, plain: Normaliser, full: Normaliser): SeenLine[] {
  const lines = text.split(/\r\n|\n|\r/).map((typed, i) => ({ line: i + 1, typed }));
  return lines
    .filter(({ typed }) => /\P{White_Space}/u.test(typed))
    .map(({ line, typed }) => {
      const parts = partsOf(typed, plain);
      const words = mapped(parts, plain.words(typed), full.words(typed));
      return { line, typed, words, isCutByBrackets: bracketsRemovedBy(plain.profile, typed) };
    });
}

/** A stretch of what was typed and the words that the profile makes of it; together they are the words of the whole. */
type Part = { typed: string; words: readonly string[] };

/** Parts between white space where no rule of the profile reaches beyond them; else the whole. */
function partsOf(typed: string, plain: Normaliser): Part[] {
  const pieces = typed.split(/\p{White_Space}+/u).filter((piece) => piece !== '');
  const parts = pieces.map((piece) => ({ typed: piece, words: plain.words(piece) }));
  const whole = plain.words(typed);
  const together = parts.flatMap(({ words }) => words);
  const agree = together.length === whole.length && whole.every((word, i) => word === together[i]);
  return agree ? parts : [{ typed, words: whole }];
}

/** The parts' words with the mapping's replacements among them: where the alignment of both leaves the diagonal. */
function mapped(parts: readonly Part[], before: Words, after: Words): SeenWord[] {
  const seen = parts.flatMap(seenOf);
  const positions = [...seen.keys()].filter((i) => seen[i]!.word !== null);
  const result: SeenWord[] = [];
  let next = 0;
  const pass = (end: number) => {
    result.push(...seen.slice(next, end));
    next = end;
  };
  for (const { from, to, words } of changesOf(before, after)) {
    const start = from < to ? positions[from]! : (positions[from] ?? seen.length);
    pass(start);
    if (from < to) next = positions[to - 1]! + 1;
    const was = before.slice(from, to).join(' ');
    result.push(...replaced(words, was));
  }
  pass(seen.length);
  return result;
}

function seenOf({ typed, words }: Part): SeenWord[] {
  if (words.length === 0) return [{ word: null, was: typed, by: 'profile' }];
  // A part that falls into several words shows what it was once, below the first.
  return words.map((word, i) => ({ word, was: i > 0 || word === typed ? null : typed, by: 'profile' }));
}

function replaced(words: readonly string[], was: string): SeenWord[] {
  if (words.length === 0) return [{ word: null, was, by: 'mapping' }];
  return words.map((word, i) => ({ word, was: i > 0 ? null : was, by: 'mapping' }));
}

/** Runs of words `[from, to)` before, and the words they became. */
type Change = { from: number; to: number; words: string[] };

function changesOf(before: Words, after: Words): Change[] {
  const changes: Change[] = [];
  let open: Change | null = null;
  let at = 0;
  for (const step of align(before, after)) {
    if (step.kind === 'hit') {
      open = null;
      at = step.reference + 1;
      continue;
    }
    if (open === null) {
      open = { from: at, to: at, words: [] };
      changes.push(open);
    }
    if (step.kind !== 'insertion') open.to = at = step.reference + 1;
    if (step.kind !== 'deletion') open.words.push(after[step.hypothesis]!);
  }
  return changes;
}
