import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import type { EveningGuest } from '#lib/db/evening-links.ts';
import { defenceComments, defenceCriteria, defenceMarks, defenceSlots, eveningLinks } from '#lib/db/schema.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import type { Criterion, Mark } from '#lib/marks.ts';

/*
 * Jurors' marks. A juror writes and reads their own; organisers read all.
 */

export type NamedCriterion = Criterion & { nameRu: string; nameEn: string };

/** What one juror says of one team. */
export type Sheet = { marks: Record<string, number>; comment: string };

export async function listCriteria(db: Connection, competitionId: string): Promise<NamedCriterion[]> {
  const { id, nameRu, nameEn, highest } = defenceCriteria;
  return db
    .select({ id, nameRu, nameEn, highest })
    .from(defenceCriteria)
    .where(and(eq(defenceCriteria.competitionId, competitionId), isNull(defenceCriteria.removedAt)))
    .orderBy(asc(defenceCriteria.position), asc(defenceCriteria.id));
}

export async function addCriterion(
  db: Connection,
  competitionId: string,
  criterion: Omit<NamedCriterion, 'id'>,
  act: Act,
): Promise<void> {
  await db.transaction(async (tx) => {
    const position = sql`(select coalesce(max(position), 0) + 1 from defence_criteria where competition_id = ${competitionId})`;
    const rows = await tx
      .insert(defenceCriteria)
      .values({ competitionId, ...criterion, position })
      .returning();
    const { id } = one(rows, 'criterion', competitionId);
    const details = { highest: criterion.highest };
    await recordEvent(tx, { ...act, competitionId, kind: 'criterion-added', subject: id, details });
  });
}

/** Marks by it stay in the database and count no more. */
export async function removeCriterion(db: Connection, competitionId: string, id: string, act: Act): Promise<void> {
  await db.transaction(async (tx) => {
    const own = and(
      eq(defenceCriteria.id, id),
      eq(defenceCriteria.competitionId, competitionId),
      isNull(defenceCriteria.removedAt),
    );
    one(
      await tx.update(defenceCriteria).set({ removedAt: sql`rostrum_now()` }).where(own).returning(),
      'criterion',
      id,
    );
    await recordEvent(tx, { ...act, competitionId, kind: 'criterion-removed', subject: id });
  });
}

/** By the id of the team. */
export async function listSheets(db: Connection, juror: Pick<EveningGuest, 'linkId'>): Promise<Map<string, Sheet>> {
  const marks = await db.select().from(defenceMarks).where(eq(defenceMarks.jurorId, juror.linkId));
  const comments = await db.select().from(defenceComments).where(eq(defenceComments.jurorId, juror.linkId));
  const sheets = new Map<string, Sheet>();
  const sheetOf = (teamId: string) => {
    const sheet = sheets.get(teamId) ?? { marks: {}, comment: '' };
    sheets.set(teamId, sheet);
    return sheet;
  };
  for (const { teamId, criterionId, mark } of marks) sheetOf(teamId).marks[criterionId] = mark;
  for (const { teamId, comment } of comments) sheetOf(teamId).comment = comment;
  return sheets;
}

/**
 * Writes what a juror says of a team with a talk: the marks that are given, and the comment. Refuses 'mark-range'. Criteria that are
 * left out keep their mark.
 */
export async function saveSheet(db: Connection, juror: EveningGuest, teamId: string, sheet: Sheet): Promise<void> {
  const { competitionId, linkId: jurorId } = juror;
  await db.transaction(async (tx) => {
    const link = await tx.select().from(eveningLinks).where(eq(eveningLinks.id, jurorId)).for('share');
    if (one(link, 'link', jurorId).revokedAt !== null) throw new NotFoundError('link', jurorId);
    const slot = and(eq(defenceSlots.competitionId, competitionId), eq(defenceSlots.teamId, teamId));
    one(await tx.select({ id: defenceSlots.id }).from(defenceSlots).where(slot), 'team', teamId);
    const criteria = await listCriteria(tx, competitionId);
    const marks = Object.entries(sheet.marks).map(([criterionId, mark]) => ({ jurorId, teamId, criterionId, mark }));
    for (const { criterionId, mark } of marks) requireMark(criteria, criterionId, mark);
    const now = await readClock(tx);
    for (const row of marks) {
      await tx
        .insert(defenceMarks)
        .values({ ...row, markedAt: now })
        .onConflictDoUpdate({
          target: [defenceMarks.jurorId, defenceMarks.teamId, defenceMarks.criterionId],
          set: { mark: row.mark, markedAt: now },
        });
    }
    const written = { comment: sheet.comment, writtenAt: now };
    await tx
      .insert(defenceComments)
      .values({ jurorId, teamId, ...written })
      .onConflictDoUpdate({ target: [defenceComments.jurorId, defenceComments.teamId], set: written });
    // Who marked whom, and not how: the log is read by all organisers, and marks are no business of it.
    await recordEvent(tx, {
      actorId: null,
      competitionId,
      kind: 'team-marked',
      subject: teamId,
      details: { juror: jurorId },
    });
  });
}

export type JurorMark = Mark & { teamId: string; markedAt: Date };
export type JurorComment = { jurorId: string; teamId: string; comment: string };

/** Everything that jurors said, by criteria that still count; for organisers. */
export async function listMarks(
  db: Connection,
  competitionId: string,
): Promise<{ marks: JurorMark[]; comments: JurorComment[] }> {
  const jurors = db
    .select({ id: eveningLinks.id })
    .from(eveningLinks)
    .where(eq(eveningLinks.competitionId, competitionId));
  const criteria = (await listCriteria(db, competitionId)).map(({ id }) => id);
  const marks =
    criteria.length === 0
      ? []
      : await db
          .select()
          .from(defenceMarks)
          .where(and(inArray(defenceMarks.jurorId, jurors), inArray(defenceMarks.criterionId, criteria)));
  const { jurorId, teamId, comment } = defenceComments;
  const comments = await db.select({ jurorId, teamId, comment }).from(defenceComments).where(inArray(jurorId, jurors));
  return { marks, comments: comments.filter((said) => said.comment !== '') };
}

function requireMark(criteria: readonly Criterion[], criterionId: string, mark: number): void {
  const criterion = criteria.find(({ id }) => id === criterionId);
  if (criterion === undefined) throw new NotFoundError('criterion', criterionId);
  if (mark < 1 || mark > criterion.highest) throw new RefusedError('mark-range', 422, { highest: criterion.highest });
}
