import { resolve } from 'node:path';
import type { Competition, Split } from '#lib/competition.ts';
import { withFile } from '#lib/datasets/byte-source.ts';
import { chooseUnits } from '#lib/datasets/folds.ts';
import type { FileReport } from '#lib/datasets/prepare.ts';
import { inspectWav } from '#lib/datasets/wav.ts';
import type { Connection } from '#lib/db/client.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { listTestReferences } from '#lib/db/labels.ts';
import { listUtterances, type UtteranceRow } from '#lib/db/utterances.ts';
import { ownerEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { recordingPath } from '#lib/recordings.ts';
import {
  type DatasetClips,
  datasetClips,
  type RecordedClip,
  recordedClips,
} from '#scoring/baseline/corpus/recorded.ts';
import type { EvaluatedUtterance, EvaluationSet } from '#scoring/baseline/evaluate.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import { withOwnerDatabase } from '../../owner-database.ts';
import { demoTroubleSentence } from '../admin-demo.ts';
import { UnmetNeedError, WrongInputError } from '../problems.ts';
import type { EvaluateOptions } from './evaluate.ts';

/** `unreadable`: recordings that are left out because they are no WAV. */
export type FoundSet = { readonly set: EvaluationSet; readonly unreadable: number };

type Source = Pick<EvaluateOptions, 'competition' | 'data' | 'split'>;

/**
 * The split that is asked for: of a competition in the database, of a folder, or of the demo's recordings, which are fetched into
 * ROSTRUM_HOME where they are not there yet.
 */
export async function findEvaluationSet({ competition, data, split }: Source, t: Translate): Promise<FoundSet> {
  if (competition !== undefined) {
    return withOwnerDatabase(async (db) => ofCompetition(db, await getCompetition(db, competition), split));
  }
  const clips = await findClips(data, t);
  return { set: ofClips(clips.splits[split]), unreadable: clips.unreadable };
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
  const utterances = clips.map(({ id, file, utterance: { text, alternatives } }, i) => ({
    id,
    file,
    references: [text, ...alternatives] as const,
    unit: unitOf[i]!,
  }));
  return { profile: 'ru-yo', mapping: null, utterances };
}

async function ofCompetition(db: Connection, competition: Competition, split: Split): Promise<FoundSet> {
  const { id, profile, mapping } = competition;
  if (!isProfileName(profile)) throw new Error(`competition ${id} has an unknown profile "${profile}"`);
  const rows = await listUtterances(db, id, split);
  const labels = split === 'test' ? await labelsOfTest(db, competition) : labelsOf(rows);
  const utterances: EvaluatedUtterance[] = [];
  for (const row of rows) {
    const path = recordingPath(ownerEnv().home, row.sha256);
    const reading = withFile(path, inspectWav);
    const label = labels.get(row.id);
    if (reading.status === 'refused' || label === undefined) continue;
    const file = { path, stretch: null, seconds: reading.header.durationSeconds };
    utterances.push({ id: row.id, file, ...label });
  }
  return { set: { profile, mapping, utterances }, unreadable: rows.length - utterances.length };
}

type Label = Pick<EvaluatedUtterance, 'references' | 'unit'>;

async function labelsOfTest(db: Connection, { id, labelVersion }: Competition): Promise<Map<string, Label>> {
  const rows = await listTestReferences(db, id, labelVersion);
  return new Map(rows.map(({ id: utteranceId, references, unit }) => [utteranceId, { references, unit }]));
}

/** Train and dev have open labels, which stand with the recordings. */
function labelsOf(rows: readonly UtteranceRow[]): Map<string, Label> {
  const { unitOf } = chooseUnits(rows.map((row) => ({ ...row, group: null, reference: row.reference ?? '' })));
  return new Map(
    rows.map(({ id, reference, alternatives }, i) => [
      id,
      { references: [reference ?? '', ...alternatives], unit: unitOf[i]! },
    ]),
  );
}
