import type { CountColumns } from '#scoring/columns.ts';
import type { References, ScoredFile } from '#scoring/corpus.ts';
import { measure } from '#scoring/measure.ts';
import type { BootstrapOptions } from '#scoring/statistics/bootstrap.ts';
import { compareSystems, type TestName } from '#scoring/statistics/compare.ts';
import type { Ties } from '#scoring/wer/ties.ts';
import type { Stages } from '../progress.ts';
import type { Scoring, System } from './result.ts';

export type Scored = Extract<ScoredFile, { ok: true }> & { readonly file: string };

/** How what was counted is judged. `unitOf` names each utterance's unit by a number from 0 on. */
export type Judgement = {
  readonly bootstrap: boolean;
  readonly test: TestName;
  readonly seed: number;
  readonly unitOf: Int32Array | null;
  readonly ties: Ties;
  readonly stages: Stages<'align' | 'draw'>;
};

type Judged = Pick<Scoring, 'systems' | 'ranking'>;

/** Rates with intervals, the first system compared with each other and, from three on, their ranking. */
export async function judgedSystems(
  references: References,
  scored: readonly [Scored, ...Scored[]],
  judgement: Judgement,
): Promise<Judged> {
  const { bootstrap, test, unitOf, ties, stages } = judgement;
  const chance = await chanceFor(scored, judgement);
  const measureOf = (columns: CountColumns) => measure(columns, unitOf, { bootstrap, ...chance });
  const [first, ...others] = scored.map(
    ({ file, words, characters, hypothesisOf }): System => ({
      file,
      columns: words,
      words: measureOf(words),
      characters: characters && measureOf(characters),
      comparison: null,
      hypothesisOf,
    }),
  ) as [System, ...System[]];
  if (others.length === 0) return { systems: [first], ranking: null };
  const { comparedSystems } = await import('./compare.ts');
  const compared = comparedSystems(references, [first, ...others], ties, stages.of('align'));
  const options = { unitOf, interval: bootstrap ? 'bootstrap' : 'delta', ...chance } as const;
  const beside = others.map((system, i) => ({
    ...system,
    comparison: compareSystems(test, compared[0]!, compared[i + 1]!, options),
  }));
  const ranking = others.length === 1 ? null : (await import('./ranking.ts')).rankSystems(test, compared, options);
  return { systems: [first, ...beside], ranking };
}

/** Everything that is drawn is drawn at once. */
async function chanceFor(
  scored: readonly Scored[],
  { bootstrap, test, seed, unitOf, stages }: Judgement,
): Promise<BootstrapOptions> {
  if (!bootstrap && (test !== 'bootstrap' || scored.length === 1)) return { seed };
  const { sharedDraws } = await import('./draws.ts');
  const counts = scored.flatMap(({ words, characters }) => (characters && bootstrap ? [words, characters] : [words]));
  return { seed, sums: await sharedDraws(counts, unitOf, { seed, onProgress: stages.of('draw') }) };
}
