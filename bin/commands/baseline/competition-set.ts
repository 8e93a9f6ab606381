import type { Competition, Split } from '#lib/competition.ts';
import { chooseUnits } from '#lib/datasets/folds.ts';
import type { Connection } from '#lib/db/client.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { listTestReferences } from '#lib/db/labels.ts';
import { listUtterances, type UtteranceRow } from '#lib/db/utterances.ts';
import { ownerEnv } from '#lib/env.ts';
import { recordingPath } from '#lib/recordings.ts';
import type { EvaluatedUtterance } from '#scoring/baseline/evaluate.ts';
import { findSound } from '#scoring/baseline/sound.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import { withOwnerDatabase } from '../../owner-database.ts';
import type { FoundSet } from './evaluation-set.ts';

/** A split of a competition of this installation, with all of its references, hidden ones too: its owner asks. */
export function competitionSet(slug: string, split: Split): Promise<FoundSet> {
  return withOwnerDatabase(async (db) => ofCompetition(db, await getCompetition(db, slug), split));
}

async function ofCompetition(db: Connection, competition: Competition, split: Split): Promise<FoundSet> {
  const { id, profile, mapping } = competition;
  if (!isProfileName(profile)) throw new Error(`competition ${id} has an unknown profile "${profile}"`);
  const rows = await listUtterances(db, id, split);
  const labels = split === 'test' ? await labelsOfTest(db, competition) : labelsOf(rows);
  const { home } = ownerEnv();
  const utterances: EvaluatedUtterance[] = [];
  for (const row of rows) {
    const file = findSound(recordingPath(home, row.sha256));
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
