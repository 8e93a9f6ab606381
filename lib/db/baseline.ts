import { and, desc, eq } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock, violatedConstraint } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { competitions, submissionFiles, submissions, teams } from '#lib/db/schema.ts';
import { type ReadFile, type SubmissionRow, unpackedDigest } from '#lib/db/submissions.ts';
import type { Team } from '#lib/db/teams.ts';
import { RefusedError } from '#lib/errors.ts';
import { checkTeamName } from '#lib/team-name.ts';

/** A predictions file that parsed, with what people read beside it. */
export type BaselineFile = {
  /** For test it is the entry to beat; for dev it is open to all in the lab. */
  split: 'test' | 'dev';
  /** Of the entry on the board. */
  name: string;
  bytes: Buffer;
  sha256: Buffer;
  fileName: string;
  note: string;
  codeLink: string | null;
  parsed: ReadFile;
};

/**
 * Pins a file as the competition's baseline: an entry like any other, in no team's quota, without members, ranked by nobody.
 * Pinning another file of the split later replaces it; pinning the same file again, plain or packed, changes nothing.
 */
export async function pinBaseline(
  db: Connection,
  competitionId: string,
  file: BaselineFile,
  act: Act,
): Promise<SubmissionRow> {
  return db.transaction(async (tx) => {
    const team = await lockBaselineTeam(tx, competitionId, file.name);
    return insertBaselineFile(tx, { competitionId, teamId: team.id }, file, act);
  });
}

/** Hands the file in by the baseline's entry, in the caller's transaction; the one that is pinned already where it is the same file. */
export async function insertBaselineFile(
  tx: Connection,
  { competitionId, teamId }: { competitionId: string; teamId: string },
  file: Omit<BaselineFile, 'name'>,
  act: Act,
): Promise<SubmissionRow> {
  const pinned = await findNewest(tx, teamId, file.split);
  const pinnedDigest = pinned?.unpackedSha256 ?? pinned?.sha256;
  const isSame = pinnedDigest?.equals(unpackedDigest(file.parsed) ?? file.sha256);
  if (pinned && isSame && pinned.state !== 'failed') return pinned;
  const rows = await tx
    .insert(submissions)
    .values({
      competitionId,
      teamId,
      authorId: act.actorId,
      split: file.split,
      state: 'queued',
      receivedAt: await readClock(tx),
      fileName: file.fileName,
      note: file.note,
      codeLink: file.codeLink,
      format: file.parsed.format,
      warnings: [...file.parsed.warnings],
      bytes: file.bytes.length,
      sha256: file.sha256,
      unpackedSha256: unpackedDigest(file.parsed),
    })
    .returning();
  const submission = one(rows, 'submission', file.fileName);
  await tx.insert(submissionFiles).values({ submissionId: submission.id, content: file.bytes });
  await enqueue(tx, { kind: 'score-submission', id: submission.id });
  await recordEvent(tx, { ...act, competitionId, kind: 'baseline-pinned', subject: submission.id });
  return submission;
}

/** The entry that is the baseline, under this name; made where there is none yet. */
export async function lockBaselineTeam(tx: Connection, competitionId: string, typedName: string): Promise<Team> {
  // Where there is no entry to lock yet, who comes at the same moment waits for the competition.
  await tx
    .select({ id: competitions.id })
    .from(competitions)
    .where(eq(competitions.id, competitionId))
    .for('no key update');
  const isBaseline = and(eq(teams.competitionId, competitionId), eq(teams.kind, 'baseline'));
  const found = await tx.select().from(teams).where(isBaseline).for('no key update');
  const checked = checkTeamName(typedName);
  if (!checked.ok) throw new RefusedError(`name-${checked.problem}`, 422);
  const { name, key: nameKey } = checked;
  if (found[0]?.name === name) return found[0];
  try {
    const rows =
      found[0] === undefined
        ? await tx.insert(teams).values({ competitionId, kind: 'baseline', name, nameKey }).returning()
        : await tx.update(teams).set({ name, nameKey }).where(eq(teams.id, found[0].id)).returning();
    return one(rows, 'team', name);
  } catch (error) {
    if (violatedConstraint(error) === 'team_names_are_distinct') throw new RefusedError('name-taken', 409);
    throw error;
  }
}

export async function isBaselineTeam(db: Connection, teamId: string): Promise<boolean> {
  const rows = await db.select({ kind: teams.kind }).from(teams).where(eq(teams.id, teamId));
  return rows[0]?.kind === 'baseline';
}

async function findNewest(
  tx: Connection,
  teamId: string,
  split: BaselineFile['split'],
): Promise<SubmissionRow | undefined> {
  const rows = await tx
    .select()
    .from(submissions)
    .where(and(eq(submissions.teamId, teamId), eq(submissions.split, split)))
    .orderBy(desc(submissions.sequence))
    .limit(1);
  return rows[0];
}
