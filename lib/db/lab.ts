import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { submissions, teams, utterances } from '#lib/db/schema.ts';
import { NotFoundError } from '#lib/errors.ts';

/*
 * What the lab reads: the open dev split, a team's own files for it, and the baseline's. Nothing of the test split is on any path from here.
 */

export type DevUtterance = {
  id: string;
  seconds: number | null;
  references: readonly [string, ...string[]];
  speaker: string | null;
  slices: Record<string, string>;
  bytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
  mediaType: string;
};

/** A scored file for dev. */
export type DevFile = Pick<typeof submissions.$inferSelect, 'id' | 'fileName' | 'receivedAt' | 'format'>;

export async function hasDevSplit(db: Connection, competitionId: string): Promise<boolean> {
  const rows = await db.select({ id: utterances.id }).from(utterances).where(isDev(competitionId)).limit(1);
  return rows.length > 0;
}

/** In the order of the manifest. */
export async function listDevUtterances(db: Connection, competitionId: string): Promise<DevUtterance[]> {
  const rows = await db.select().from(utterances).where(isDev(competitionId)).orderBy(asc(utterances.position));
  return rows.map(({ reference, alternatives, sha256, id, seconds, speaker, slices, bytes, mediaType }) => ({
    id,
    seconds,
    references: [reference ?? '', ...alternatives],
    speaker,
    slices,
    bytes,
    sha256: sha256.toString('hex'),
    mediaType,
  }));
}

/** Another one as soon as `listDevUtterances` would say anything else, for a fraction of its cost. */
export async function fingerprintDev(db: Connection, competitionId: string): Promise<string> {
  const { rows } = await db.execute<{ fingerprint: string }>(sql`
    select count(*) || ' ' || coalesce(sum(hashtextextended(u::text, 0)), 0) as fingerprint
    from utterances u where competition_id = ${competitionId} and split = 'dev'`);
  return rows[0]!.fingerprint;
}

/** The team's files for dev that have a score, newest first. */
export async function listDevFiles(db: Connection, teamId: string): Promise<DevFile[]> {
  const { id, fileName, receivedAt, format } = submissions;
  return db
    .select({ id, fileName, receivedAt, format })
    .from(submissions)
    .where(and(eq(submissions.teamId, teamId), eq(submissions.split, 'dev'), eq(submissions.state, 'scored')))
    .orderBy(desc(submissions.sequence));
}

/** The baseline's newest file for dev that has a score, open to everybody whom the lab is open to; null where there is none. */
export async function findBaselineDevFile(db: Connection, competitionId: string): Promise<DevFile | null> {
  const { id, fileName, receivedAt, format } = submissions;
  const rows = await db
    .select({ id, fileName, receivedAt, format })
    .from(submissions)
    .innerJoin(teams, eq(teams.id, submissions.teamId))
    .where(
      and(
        eq(teams.competitionId, competitionId),
        eq(teams.kind, 'baseline'),
        eq(submissions.split, 'dev'),
        eq(submissions.state, 'scored'),
      ),
    )
    .orderBy(desc(submissions.sequence))
    .limit(1);
  return rows[0] ?? null;
}

/** The team's newest file for dev that waits for its score, or null. */
export async function findWaitingDevFile(
  db: Connection,
  teamId: string,
): Promise<{ id: string; state: 'queued' | 'scoring' } | null> {
  const rows = await db
    .select({ id: submissions.id, state: submissions.state })
    .from(submissions)
    .where(and(eq(submissions.teamId, teamId), eq(submissions.split, 'dev')))
    .orderBy(desc(submissions.sequence))
    .limit(1);
  const newest = rows[0];
  if (newest?.state !== 'queued' && newest?.state !== 'scoring') return null;
  return { id: newest.id, state: newest.state };
}

/** One of `files`; whatever else exists under that id does not exist here. */
export function devFileOf(files: readonly DevFile[], id: string): DevFile {
  const file = files.find((known) => known.id === id);
  if (file === undefined) throw new NotFoundError('submission', id);
  return file;
}

function isDev(competitionId: string) {
  return and(eq(utterances.competitionId, competitionId), eq(utterances.split, 'dev'));
}
