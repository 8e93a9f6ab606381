import { type StageView, stagePlanOf } from '#lib/db/stage.ts';
import { endsAt, neighbour, type Part } from '#lib/stage.ts';

/** Who is on the stage, as the hall sees it. Without a team it is a break. */
export type ShownTalk = {
  team: string | null;
  title: string;
  speakers: readonly string[];
  part: Part;
  /** The instant at which a running clock is over, or what is left on one that stands. */
  clock: { endsAt: Date } | { leftMs: number };
  /** The clock was running and was stopped. */
  isPaused: boolean;
  warningMs: number;
  next: { team: string | null } | null;
};

/** Null while the hall is to see the board. */
export function shownTalk({ stage, plan, slots }: StageView): ShownTalk | null {
  const slot = slots.find(({ id }) => id === stage.slotId);
  if (!stage.isShown || slot === undefined) return null;
  const ends = endsAt(stage);
  const following = neighbour(stage, stagePlanOf(plan, slots), 1);
  const next = following && slots.find(({ id }) => id === following.id);
  return {
    team: slot.team?.name ?? null,
    title: slot.title,
    speakers: slot.speakers,
    part: stage.part,
    clock: ends === null ? { leftMs: stage.allottedMs - stage.spentMs } : { endsAt: ends },
    isPaused: ends === null && stage.spentMs > 0,
    warningMs: plan.warningMinutes * 60_000,
    next: next ? { team: next.team?.name ?? null } : null,
  };
}
