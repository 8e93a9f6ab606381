import { type StageView, stagePlanOf } from '#lib/db/stage.ts';
import { type Command, endsAt, neighbour, type Part, pressable } from '#lib/stage.ts';

/** What a remote of the stage shows, as plain data. `null` where a break stands in the place of a team, or nothing does. */
export type RemoteView = {
  slug: string;
  version: number;
  isShown: boolean;
  /** What the large button does. */
  run: 'start' | 'resume' | 'pause';
  part: Part;
  onStage: { team: string | null; title: string; place: number } | null;
  next: { team: string | null; title: string } | null;
  count: number;
  /** One of both: the instant at which a running clock is over, or what is left on one that stands. */
  clock: { endsAt: string } | { leftMs: number };
  warningMs: number;
  pressable: readonly Command[];
  /** The server's clock. */
  now: string;
};

export function remoteView(slug: string, { stage, plan, slots }: StageView, now: Date): RemoteView {
  const stagePlan = stagePlanOf(plan, slots);
  const shown = slots.filter(({ isSkipped }) => !isSkipped);
  const place = shown.findIndex(({ id }) => id === stage.slotId);
  const current = slots.find(({ id }) => id === stage.slotId);
  const following = neighbour(stage, stagePlan, 1);
  const next = following && slots.find(({ id }) => id === following.id);
  const ends = endsAt(stage);
  return {
    slug,
    version: stage.version,
    isShown: stage.isShown,
    run: stage.runningSince !== null ? 'pause' : stage.spentMs > 0 ? 'resume' : 'start',
    part: stage.part,
    onStage: current ? { team: current.team?.name ?? null, title: current.title, place: place + 1 } : null,
    next: next ? { team: next.team?.name ?? null, title: next.title } : null,
    count: shown.length,
    clock: ends ? { endsAt: ends.toISOString() } : { leftMs: stage.allottedMs - stage.spentMs },
    warningMs: plan.warningMinutes * 60_000,
    pressable: pressable(stage, stagePlan, now),
    now: now.toISOString(),
  };
}
