import type { ErrorCounts } from '#lib/counts.ts';
import type { AlignmentStep } from './align.ts';
import type { Words } from './normalise.ts';
import { scoreWords } from './score.ts';
import type { Ties } from './ties.ts';
import { alignUnder } from './trace.ts';

/** An utterance with its alignment; positions in `steps` are those of `reference` and `hypothesis`. */
export type AlignedUtterance = {
  readonly reference: Words;
  readonly hypothesis: Words;
  readonly steps: readonly AlignmentStep[];
};

/** How often each kind of error happened: most frequent first, equals by code point order. */
export type ErrorSummary = {
  readonly confusions: readonly { readonly reference: string; readonly hypothesis: string; readonly count: number }[];
  readonly deletions: readonly { readonly word: string; readonly count: number }[];
  readonly insertions: readonly { readonly word: string; readonly count: number }[];
};

/** The alignment with the wording that `scoreWords` counts; `chosen` is its position, the first of equals. */
export function alignWords(
  references: readonly Words[],
  hypothesis: Words,
  ties: Ties = 'canonical',
): { chosen: number; reference: Words; steps: AlignmentStep[] } {
  const chosen = references.length === 1 ? 0 : cheapestOf(references, hypothesis, ties);
  const reference = references[chosen]!;
  return { chosen, reference, steps: alignUnder(ties, reference, hypothesis) };
}

/** Which words were taken for which, left out and added, over all utterances. */
export function analyse(utterances: Iterable<AlignedUtterance>): ErrorSummary {
  const confusions = new Map<string, number>();
  const deletions = new Map<string, number>();
  const insertions = new Map<string, number>();
  for (const { reference, hypothesis, steps } of utterances) {
    for (const step of steps) {
      if (step.kind === 'substitution') {
        count(confusions, `${reference[step.reference]!} ${hypothesis[step.hypothesis]!}`);
      } else if (step.kind === 'deletion') count(deletions, reference[step.reference]!);
      else if (step.kind === 'insertion') count(insertions, hypothesis[step.hypothesis]!);
    }
  }
  const named = ([word, count]: [string, number]) => ({ word, count });
  return {
    confusions: ranked(confusions).map(([pair, count]) => {
      // A word has no space in it, so the pair comes apart where it was joined.
      const space = pair.indexOf(' ');
      return { reference: pair.slice(0, space), hypothesis: pair.slice(space + 1), count };
    }),
    deletions: ranked(deletions).map(named),
    insertions: ranked(insertions).map(named),
  };
}

function cheapestOf(references: readonly Words[], hypothesis: Words, ties: Ties): number {
  const best = scoreWords(references, hypothesis, ties);
  return references.findIndex((reference) => areSame(scoreWords([reference], hypothesis, ties), best));
}

function areSame(a: ErrorCounts, b: ErrorCounts): boolean {
  return (
    a.hits === b.hits &&
    a.substitutions === b.substitutions &&
    a.deletions === b.deletions &&
    a.insertions === b.insertions
  );
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function ranked(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || byCodePoint(a, b));
}

/** Unlike `<`, which compares UTF-16 units and puts U+FF5E after an emoji. A space comes before every character of a word. */
function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
