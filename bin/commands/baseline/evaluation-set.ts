import { resolve } from 'node:path';
import { chooseUnits } from '#lib/datasets/folds.ts';
import type { FileReport } from '#lib/datasets/prepare.ts';
import { ownerEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import {
  type DatasetClips,
  datasetClips,
  type RecordedClip,
  recordedClips,
} from '#scoring/baseline/corpus/recorded.ts';
import type { EvaluationSet } from '#scoring/baseline/evaluate.ts';
import { demoTroubleSentence } from '../demo-trouble.ts';
import { UnmetNeedError, WrongInputError } from '../problems.ts';
import type { EvaluateOptions } from './evaluate.ts';

/** `unreadable`: recordings that are left out because nothing here decodes them. */
export type FoundSet = { readonly set: EvaluationSet; readonly unreadable: number };

type Source = Pick<EvaluateOptions, 'competition' | 'data' | 'split'>;

/**
 * The split that is asked for: of a competition in the database, of a folder, or of the demo's recordings, which are fetched into
 * ROSTRUM_HOME where they are not there yet. `use` may read its files, and nobody after it.
 */
export async function withEvaluationSet(
  { competition, data, split }: Source,
  t: Translate,
  use: (found: FoundSet) => Promise<void>,
): Promise<void> {
  if (competition !== undefined) {
    // Only here: a database driver takes as much memory as half the model's work.
    return (await import('./competition-set.ts')).withCompetitionSet(competition, split, use);
  }
  const clips = await findClips(data, t);
  return use({ set: ofClips(clips.splits[split]), unreadable: clips.unreadable });
}

/** Of a folder, or of the demo's recordings where none is named. Throws what the caller is to be told. */
export async function findClips(
  folder: string | undefined,
  t: Translate,
): Promise<Extract<DatasetClips, { status: 'read' }>> {
  const clips = folder === undefined ? await demoClips(t) : await datasetClips(resolve(folder));
  if (clips.status === 'refused') throw wrongInputs(clips.reports);
  return clips;
}

async function demoClips(t: Translate): Promise<DatasetClips> {
  const clips = await recordedClips(ownerEnv().home);
  if (clips.status !== 'absent') return clips;
  throw new UnmetNeedError([t('baseline.evaluate-no-recordings', { reason: demoTroubleSentence(clips.trouble, t) })]);
}

function wrongInputs(reports: readonly FileReport[]): AggregateError {
  const wrong = reports.filter(({ problems }) => problems.total > 0);
  return new AggregateError(
    wrong.map(({ file, problems }) => new WrongInputError(file, problems.problems, problems.total)),
  );
}

function ofClips(clips: readonly RecordedClip[]): EvaluationSet {
  const { unitOf } = chooseUnits(
    clips.map(({ id, seconds, utterance: { speaker, group, text: reference } }) => ({
      id,
      seconds,
      speaker,
      group,
      reference,
    })),
  );
  const utterances = clips.map(({ id, file, utterance: { text, alternatives, slices } }, i) => ({
    id,
    file,
    references: [text, ...alternatives] as const,
    unit: unitOf[i]!,
    slices,
  }));
  return { profile: 'ru-yo', mapping: null, utterances };
}
