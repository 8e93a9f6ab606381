import { errorRate, errorsOf, referenceLength } from '#lib/counts.ts';
import { countsAt } from '#scoring/columns.ts';
import type { Analysis } from '#scoring/lab/analysis.ts';
import type { LabUtterance } from '#scoring/lab/corpus.ts';
import { lengthName } from '#scoring/lab/lengths.ts';
import type { LabQuery, Sort } from './query.ts';

/** Utterances by position: those that the filters leave, in the chosen order. */
export function select(utterances: readonly LabUtterance[], analysis: Analysis, query: LabQuery): number[] {
  const having = query.has === null ? null : new Set(utterancesWith(analysis, query.has));
  const positions = utterances.flatMap((utterance, i) => {
    const { slice, length } = query;
    const fits =
      (slice === null || utterance.slices[slice[0]] === slice[1]) &&
      (length === null || lengthName(utterance.seconds) === length) &&
      (having === null || having.has(i));
    return fits ? [i] : [];
  });
  return sorted(positions, query.sort, utterances, analysis);
}

/** Where an error of that kind is; nothing for kinds that the analysis does not tell. */
function utterancesWith({ confusions, deletions, insertions }: Analysis, has: string): readonly number[] {
  const [kind, ...words] = has.split(' ');
  if (kind === 's') {
    return confusions.find((c) => c.reference === words[0] && c.hypothesis === words[1])?.utterances ?? [];
  }
  const errors = kind === 'd' ? deletions : insertions;
  return errors.find(({ word }) => word === words[0])?.utterances ?? [];
}

function sorted(positions: number[], sort: Sort, utterances: readonly LabUtterance[], { words }: Analysis): number[] {
  if (sort === 'id') {
    const order = new Intl.Collator('ru', { numeric: true });
    return positions.sort((a, b) => order.compare(utterances[a]!.id, utterances[b]!.id));
  }
  const keys = new Map(
    positions.map((i) => {
      const counts = countsAt(words, i);
      if (sort === 'errors') return [i, errorsOf(counts)];
      return [i, sort === 'length' ? referenceLength(counts) : (errorRate(counts) ?? errorsOf(counts))];
    }),
  );
  return positions.sort((a, b) => keys.get(b)! - keys.get(a)! || a - b);
}
