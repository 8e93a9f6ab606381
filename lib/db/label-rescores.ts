import { and, desc, eq, sql } from 'drizzle-orm';
import type { BoardRow } from '#lib/board.ts';
import { type BoardDifference, compareBoards } from '#lib/board-difference.ts';
import { type Competition, isFrozen } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { createSnapshot, drawBoard, type FindTies } from '#lib/db/boards.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
import { recordFoldSizes } from '#lib/db/fold-sizes.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { recordCommitment } from '#lib/db/label-commitments.ts';
import { endDraft, getDraft, type LabelVersion, type ReasonedAct, requireNoRescore } from '#lib/db/label-drafts.ts';
import { announce } from '#lib/db/live.ts';
import { publishScores } from '#lib/db/publishing.ts';
import { competitions, rescores } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';

/*
 * A draft of labels comes into force in three steps: a rescore counts every file by it beside what counts now, its difference says
 * what people would see change, and applying it is one transaction. Until then nothing that anybody sees depends on the draft.
 */

export type Rescore = typeof rescores.$inferSelect;

/** Asks the worker to count all files by the draft as it stands. One at a time. */
export async function requestRescore(db: Connection, competitionId: string, actorId: string | null): Promise<Rescore> {
  return db.transaction(async (tx) => {
    await lockCompetition(tx, competitionId);
    const draft = await getDraft(tx, competitionId);
    await requireNoRescore(tx, draft);
    const { version: labelVersion, revision } = draft;
    const rows = await tx
      .insert(rescores)
      .values({ competitionId, labelVersion, revision, requestedBy: actorId })
      .returning();
    const created = one(rows, 'rescore', String(labelVersion));
    await enqueue(tx, { kind: 'rescore', id: created.id });
    const details = { labelVersion };
    await recordEvent(tx, { actorId, competitionId, kind: 'rescore-requested', subject: created.id, details });
    return created;
  });
}

export async function findLastRescore(db: Connection, draft: LabelVersion): Promise<Rescore | null> {
  const rows = await db
    .select()
    .from(rescores)
    .where(and(eq(rescores.competitionId, draft.competitionId), eq(rescores.labelVersion, draft.version)))
    .orderBy(desc(rescores.createdAt))
    .limit(1);
  return rows[0] ?? null;
}

/**
 * Brings the draft into force, publishes every score by it and draws the board: all of it or nothing. Refuses with
 * 'labels-not-previewed' where the draft was edited since its last rescore, and with 'rescore-overtaken' where files were scored
 * meanwhile that it has not counted: then it is rescored once more.
 */
export async function applyDraft(
  db: Connection,
  competitionId: string,
  act: ReasonedAct,
  findTies: FindTies,
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await lockCompetition(tx, competitionId);
    // A board that stands still is the one from before, even where nobody has drawn it yet.
    if (isFrozen(before, await readClock(tx))) await createSnapshot(tx, competitionId, findTies);
    const draft = await getDraft(tx, competitionId);
    await requireNoRescore(tx, draft);
    const rescore = await findLastRescore(tx, draft);
    if (rescore?.state !== 'done' || rescore.revision !== draft.revision) {
      throw new RefusedError('labels-not-previewed', 409);
    }
    const uncounted = await countUncounted(tx, draft);
    if (uncounted > 0) throw new RefusedError('rescore-overtaken', 409, { count: uncounted });
    await endDraft(tx, draft, 'applied', act.reason);
    const after = await putInForce(tx, before, draft.version);
    await recordCommitment(tx, after);
    const details = { from: before.labelVersion, to: draft.version };
    await recordEvent(tx, { ...act, competitionId, kind: 'labels-applied', subject: competitionId, details });
    await createSnapshot(tx, competitionId, findTies);
    await announce(tx, competitionId);
  });
}

/**
 * What applying the draft would change on the board: it is applied, looked at, and undone. While the board stands still it is that
 * of the freeze, since nobody may see later numbers.
 */
export async function previewDraft(db: Connection, competitionId: string): Promise<BoardDifference> {
  try {
    await db.transaction(async (tx) => {
      const before = await lockCompetition(tx, competitionId);
      const draft = await getDraft(tx, competitionId);
      const earlier = await drawShown(tx, before);
      const after = await putInForce(tx, before, draft.version);
      throw new Undone(compareBoards(earlier, await drawShown(tx, after)));
    });
  } catch (error) {
    if (error instanceof Undone) return error.difference;
    throw error;
  }
  throw new Error('the preview was not undone');
}

/** Numbers of files from before the freeze count as published by then, whenever their labels came into force. */
async function drawShown(tx: Connection, competition: Competition): Promise<BoardRow[]> {
  const now = await readClock(tx);
  if (!isFrozen(competition, now)) return drawBoard(tx, competition, now);
  const freeze = competition.freezesAt!;
  await tx.execute(sql`
    update published_scores p set published_at = ${freeze} from submissions s
    where s.id = p.submission_id and s.competition_id = ${competition.id} and s.finished_at <= ${freeze}`);
  return drawBoard(tx, competition, freeze);
}

/** Ends the transaction in which a preview was made. */
class Undone extends Error {
  readonly difference: BoardDifference;

  constructor(difference: BoardDifference) {
    super('a preview is undone');
    this.name = 'Undone';
    this.difference = difference;
  }
}

async function putInForce(tx: Connection, { id }: Competition, labelVersion: number): Promise<Competition> {
  const rows = await tx.update(competitions).set({ labelVersion }).where(eq(competitions.id, id)).returning();
  await publishScores(tx, id);
  await recordFoldSizes(tx, id);
  return one(rows, 'competition', id);
}

/** Scored files of test without counts by the draft. */
async function countUncounted(tx: Connection, { competitionId, version }: LabelVersion): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(sql`
    select count(*)::integer as count from submissions s
    where s.competition_id = ${competitionId} and s.split = 'test' and s.state = 'scored' and (
      (select count(distinct c.fold) from hidden.counts c
        where c.submission_id = s.id and c.label_version = ${version}) < 2
      or not exists (select from hidden.utterance_errors e
        where e.submission_id = s.id and e.label_version = ${version}))`);
  return rows[0]!.count;
}
