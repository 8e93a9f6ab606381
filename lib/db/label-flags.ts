import { and, desc, eq } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import { chargeLimit, type Limit } from '#lib/db/rate-limits.ts';
import { labelFlags, utterances } from '#lib/db/schema.ts';
import type { Team } from '#lib/db/teams.ts';
import { RefusedError } from '#lib/errors.ts';

/*
 * Recordings of test that a team says have something wrong. It never sees the text, and all it hears of it is that somebody looked.
 */

export const longestFlagNote = 500;
const flagsOfTeam: Limit = { name: 'label-flag', attempts: 20, windowSeconds: 3600 };

export type OwnFlag = { utteranceId: string; note: string; flaggedAt: Date; isLookedAt: boolean };

/**
 * Flags a recording of test for a team; so many an hour, one for each recording. Refuses with 'flag-note-length', 'flag-unknown'
 * where the split has no such recording, and 'flag-again'.
 */
export async function flagLabel(
  db: Connection,
  { id: teamId, competitionId }: Pick<Team, 'id' | 'competitionId'>,
  typed: { utteranceId: string; note: string },
  actorId: string,
): Promise<void> {
  const utteranceId = typed.utteranceId.trim().normalize('NFC');
  const note = typed.note.replaceAll(/\s+/gu, ' ').trim();
  if (note === '' || [...note].length > longestFlagNote) {
    throw new RefusedError('flag-note-length', 422, { longest: longestFlagNote });
  }
  await db.transaction(async (tx) => {
    await chargeLimit(tx, { limit: flagsOfTeam, subject: teamId });
    const known = await tx
      .select({ id: utterances.id })
      .from(utterances)
      .where(
        and(eq(utterances.competitionId, competitionId), eq(utterances.split, 'test'), eq(utterances.id, utteranceId)),
      );
    if (known.length === 0) throw new RefusedError('flag-unknown', 422, { id: utteranceId.slice(0, 100) });
    const created = await tx
      .insert(labelFlags)
      .values({ competitionId, teamId, utteranceId, note, flaggedBy: actorId })
      .onConflictDoNothing()
      .returning({ teamId: labelFlags.teamId });
    if (created.length === 0) throw new RefusedError('flag-again', 409, { id: utteranceId });
    await recordEvent(tx, { actorId, competitionId, kind: 'label-flagged', subject: teamId });
  });
}

/** The team's own, newest first. */
export async function listFlagsOf(db: Connection, competitionId: string, teamId: string): Promise<OwnFlag[]> {
  const { utteranceId, note, flaggedAt, lookedAt } = labelFlags;
  const rows = await db
    .select({ utteranceId, note, flaggedAt, lookedAt })
    .from(labelFlags)
    .where(and(eq(labelFlags.competitionId, competitionId), eq(labelFlags.teamId, teamId)))
    .orderBy(desc(flaggedAt), utteranceId);
  return rows.map(({ lookedAt: at, ...flag }) => ({ ...flag, isLookedAt: at !== null }));
}
