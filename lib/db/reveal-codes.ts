import { asc, eq } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import type { Connection } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { revealCodes } from '#lib/db/schema.ts';

/*
 * Codes of sealed files that play a reveal without a network (scoring/reveal-file.ts). They stand in schema hidden: only the scoring side
 * can call these.
 */

export type RevealCode = { id: string; code: string; madeAt: Date };

/** Remembers the code of a file that is about to be downloaded. */
export async function recordRevealCode(
  tx: Connection,
  competitionId: string,
  { id, code }: Pick<RevealCode, 'id' | 'code'>,
  act: Act,
): Promise<void> {
  await tx.insert(revealCodes).values({ id, competitionId, code, madeBy: act.actorId });
  await recordEvent(tx, { ...act, competitionId, kind: 'reveal-file-made', subject: id });
}

/** The codes of all files of the competition, oldest first, for who may open them now; that they were shown is logged. */
export async function showRevealCodes(db: Connection, competitionId: string, act: Act): Promise<RevealCode[]> {
  return db.transaction(async (tx) => {
    await recordEvent(tx, { ...act, competitionId, kind: 'reveal-code-shown', subject: competitionId });
    return tx
      .select({ id: revealCodes.id, code: revealCodes.code, madeAt: revealCodes.madeAt })
      .from(revealCodes)
      .where(eq(revealCodes.competitionId, competitionId))
      .orderBy(asc(revealCodes.madeAt), asc(revealCodes.id));
  });
}
