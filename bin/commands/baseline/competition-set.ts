import type { Competition, Split } from '#lib/competition.ts';
import { chooseUnits } from '#lib/datasets/folds.ts';
import type { Connection } from '#lib/db/client.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { listTestReferences } from '#lib/db/labels.ts';
import { listUtterances, type UtteranceRow } from '#lib/db/utterances.ts';
import { ownerEnv } from '#lib/env.ts';
import { objectStore } from '#lib/objects.ts';
import type { EvaluatedUtterance } from '#scoring/baseline/evaluate.ts';
import { findSound } from '#scoring/baseline/sound.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import { withOwnerDatabase } from '../../owner-database.ts';
import type { FoundSet } from './evaluation-set.ts';

/** A split of a competition of this installation, with all of its references, hidden ones too: its owner asks. */
export async function withCompetitionSet(
  slug: string,
  split: Split,
  use: (found: FoundSet) => Promise<void>,
): Promise<void> {
  const read = await withOwnerDatabase(async (db) => readSplit(db, await getCompetition(db, slug), split));
  await objectStore(ownerEnv()).withFiles(read.rows, (paths) => use(setOf(read, paths)));
}

type ReadSplit = Pick<FoundSet['set'], 'profile' | 'mapping'> & {
  rows: readonly UtteranceRow[];
  labels: ReadonlyMap<string, Label>;
};

async function readSplit(db: Connection, competition: Competition, split: Split): Promise<ReadSplit> {
  const { id, profile, mapping } = competition;
  if (!isProfileName(profile)) throw new Error(`competition ${id} has an unknown profile "${profile}"`);
  const rows = await listUtterances(db, id, split);
  const labels = split === 'test' ? await labelsOfTest(db, competition) : labelsOf(rows);
  return { profile, mapping, rows, labels };
}

function setOf({ profile, mapping, rows, labels }: ReadSplit, paths: readonly string[]): FoundSet {
  const utterances: EvaluatedUtterance[] = [];
  for (const [i, row] of rows.entries()) {
    const file = findSound(paths[i]!);
    const label = labels.get(row.id);
    if ('code' in file || label === undefined) continue;
    utterances.push({ id: row.id, file, ...label });
  }
  return { set: { profile, mapping, utterances }, unreadable: rows.length - utterances.length };
}

type Label = Pick<EvaluatedUtterance, 'references' | 'unit' | 'slices'>;

async function labelsOfTest(db: Connection, { id, labelVersion }: Competition): Promise<Map<string, Label>> {
  const rows = await listTestReferences(db, id, labelVersion);
  return new Map(
    rows.map(({ id: utteranceId, references, unit, slices }) => [utteranceId, { references, unit, slices }]),
  );
}

/** Train and dev have open labels, which stand with the recordings. */
function labelsOf(rows: readonly UtteranceRow[]): Map<string, Label> {
  const { unitOf } = chooseUnits(rows.map((row) => ({ ...row, group: null, reference: row.reference ?? '' })));
  return new Map(
    rows.map(({ id, reference, alternatives, slices }, i) => [
      id,
      { references: [reference ?? '', ...alternatives], unit: unitOf[i]!, slices },
    ]),
  );
}
