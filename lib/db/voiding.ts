import { and, desc, eq, inArray } from 'drizzle-orm';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { requestBoard } from '#lib/db/live.ts';
import { type MailedAct, mailTeam } from '#lib/db/notices.ts';
import { competitions, events, submissions, teams } from '#lib/db/schema.ts';
import { NotFoundError } from '#lib/errors.ts';

/*
 * A file that counts no more, and one that counts again. The row, its bytes and its attempt stay; what the board and the finals make of
 * it follows from the mark.
 */

export type VoidedKey = { competitionId: string; submissionId: string };

/**
 * Voids a team's file, or restores it, and writes to the team why; nothing where it is so already. Refuses with 'no-reason'. The
 * competition's row is locked, so that a result that is being made has the decision or is made again. A baseline is replaced by
 * pinning another, and is no file of a team.
 */
export async function setVoided(db: Connection, key: VoidedKey, isVoided: boolean, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    await tx
      .select({ id: competitions.id })
      .from(competitions)
      .where(eq(competitions.id, key.competitionId))
      .for('no key update');
    const { voidedAt, teamId, kind, fileName } = await lockSubmission(tx, key);
    if (kind !== 'team') throw new NotFoundError('submission', key.submissionId);
    if ((voidedAt !== null) === isVoided) return;
    await tx
      .update(submissions)
      .set({ voidedAt: isVoided ? await readClock(tx) : null })
      .where(eq(submissions.id, key.submissionId));
    const news = isVoided ? 'submission-voided' : 'submission-restored';
    const { actorId, site } = act;
    await recordEvent(tx, { actorId, competitionId: key.competitionId, kind: news, subject: key.submissionId, reason });
    await mailTeam(tx, teamId, { kind: news, reason, site, file: fileName });
    await requestBoard(tx, key.competitionId);
  });
}

/** Why a file counts no more, or counts again; '' where nobody has decided anything. */
export async function findVoidingReason(db: Connection, submissionId: string): Promise<string> {
  const rows = await db
    .select({ reason: events.reason })
    .from(events)
    .where(and(inArray(events.kind, ['submission-voided', 'submission-restored']), eq(events.subject, submissionId)))
    .orderBy(desc(events.id))
    .limit(1);
  return rows[0]?.reason ?? '';
}

async function lockSubmission(tx: Connection, { competitionId, submissionId }: VoidedKey) {
  const rows = await tx
    .select({
      voidedAt: submissions.voidedAt,
      teamId: submissions.teamId,
      fileName: submissions.fileName,
      kind: teams.kind,
    })
    .from(submissions)
    .innerJoin(teams, eq(teams.id, submissions.teamId))
    .where(and(eq(submissions.id, submissionId), eq(submissions.competitionId, competitionId)))
    .for('update', { of: submissions });
  return one(rows, 'submission', submissionId);
}
