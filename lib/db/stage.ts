import { eq } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { getPlan, listSlots, type Plan, type ProgrammeSlot } from '#lib/db/defence.ts';
import { announce } from '#lib/db/live.ts';
import { defenceSlots, stages } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import type { News } from '#lib/live-news.ts';
import { type Command, emptyStage, endsAt, neighbour, press, type Stage, type StagePlan } from '#lib/stage.ts';

/*
 * The stage as it is kept: one row per competition. It holds instants and lengths, so that it is right after any reload or restart.
 */

export type KeptStage = Stage & { version: number };

/** The stage with the programme that its remote walks through. */
export type StageView = { stage: KeptStage; plan: Plan; slots: ProgrammeSlot[] };

export async function getStageView(db: Connection, competitionId: string): Promise<StageView> {
  // Of one moment: a version beside an order that is newer would refuse whoever acts upon it.
  return db.transaction(
    async (tx) => {
      const rows = await tx.select().from(stages).where(eq(stages.competitionId, competitionId));
      return {
        stage: rows[0] ?? { ...emptyStage, version: 0 },
        plan: await getPlan(tx, competitionId),
        slots: await listSlots(tx, competitionId),
      };
    },
    { isolationLevel: 'repeatable read' },
  );
}

/** Who pressed: somebody with an account, or by a link. */
export type Presser = { actorId: string } | { linkId: string };

/**
 * Presses a button of the remote. It was pressed upon what its remote showed: where somebody else was first it does nothing and
 * refuses with 'stage-moved', so that two who press "next" at once go one talk ahead and not two. Refuses 'stage-idle' where there is nothing
 * to press.
 */
export async function pressStage(
  db: Connection,
  competitionId: string,
  { command, version }: { command: Command; version: number },
  by: Presser,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(stages).values({ competitionId }).onConflictDoNothing();
    const own = eq(stages.competitionId, competitionId);
    const before = one(await tx.select().from(stages).where(own).for('update'), 'competition', competitionId);
    if (before.version !== version) throw new RefusedError('stage-moved', 409);
    const now = await readClock(tx);
    const plan = stagePlanOf(await getPlan(tx, competitionId), await listSlots(tx, competitionId));
    const after = press(before, command, plan, now);
    if (after === null) throw new RefusedError('stage-idle', 409);
    await tx
      .update(stages)
      .set({ ...after, version: version + 1 })
      .where(own);
    if (command === 'start') await recordBeginning(tx, after.slotId, now);
    const actorId = 'actorId' in by ? by.actorId : null;
    const details = { command, slot: after.slotId, ...('linkId' in by ? { link: by.linkId } : {}) };
    await recordEvent(tx, { actorId, competitionId, kind: 'stage-pressed', subject: competitionId, details });
    await announce(tx, competitionId);
  });
}

export function stagePlanOf(
  plan: Pick<Plan, 'talkMinutes' | 'questionMinutes'>,
  slots: readonly ProgrammeSlot[],
): StagePlan {
  return {
    questionMinutes: plan.questionMinutes,
    slots: slots.map(({ id, team, minutes, isSkipped }) => ({
      id,
      isBreak: team === null,
      minutes: minutes ?? plan.talkMinutes,
      isSkipped,
    })),
  };
}

/** What the audience is told of the stage: no more than the hall sees. Null before there is a defence. */
export async function readTalkNews(db: Connection, competition: Competition): Promise<News | null> {
  const { stage, plan, slots } = await getStageView(db, competition.id);
  const version = talkVersion({ stage, plan });
  if (version === 0) return null;
  const ends = endsAt(stage);
  const next = neighbour(stage, stagePlanOf(plan, slots), 1);
  const teamOf = (id: string | null) => slots.find((slot) => slot.id === id)?.team?.name ?? null;
  const shown = {
    part: stage.part,
    team: teamOf(stage.slotId),
    endsAt: ends?.toISOString() ?? null,
    leftMs: ends === null ? stage.allottedMs - stage.spentMs : null,
    next: next && teamOf(next.id),
  };
  const body = JSON.stringify({ isShown: stage.isShown, ...(stage.isShown ? shown : {}) });
  return { kind: 'talk', version, body };
}

/** Rises with every press and every change of the plan. */
export function talkVersion({ stage, plan }: Pick<StageView, 'stage' | 'plan'>): number {
  return stage.version + plan.version;
}

async function recordBeginning(tx: Connection, slotId: string | null, now: Date): Promise<void> {
  if (slotId === null) return;
  const rows = await tx.select({ beganAt: defenceSlots.beganAt }).from(defenceSlots).where(eq(defenceSlots.id, slotId));
  if (rows[0]?.beganAt === null) await tx.update(defenceSlots).set({ beganAt: now }).where(eq(defenceSlots.id, slotId));
}
