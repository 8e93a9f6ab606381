import type { Competition } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { getListRevisions, type ListRevisions, listUtteranceIds } from '#lib/db/utterances.ts';
import { RefusedError } from '#lib/errors.ts';
import type { ExpectedUtterance } from '#lib/predictions.ts';

/**
 * What a file for the split has to name; refuses where there are no recordings yet. Kept in memory until they change: until the
 * competition's `revisions`, which were read before, are others.
 */
export async function expectedUtterances(
  db: Connection,
  competition: Competition,
  split: 'dev' | 'test',
  revisions?: ListRevisions,
): Promise<readonly ExpectedUtterance[]> {
  const key = `${competition.id} ${split}`;
  const revision = (revisions ?? (await getListRevisions(db, competition.id)))[split];
  const kept = known.get(key);
  if (kept !== undefined && kept.revision === revision) return kept.expected;
  const expected = await listUtteranceIds(db, competition.id, split);
  if (revision === undefined || expected.length === 0) throw new RefusedError('split-empty', 409, { split });
  known.delete(key);
  known.set(key, { revision, expected });
  if (known.size > mostKept) known.delete(known.keys().next().value!);
  return expected;
}

/** A list of ten thousand takes about a megabyte. */
const mostKept = 8;
const known = new Map<string, { revision: string; expected: readonly ExpectedUtterance[] }>();
