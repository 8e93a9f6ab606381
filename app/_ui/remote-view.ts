import type { ProgrammeSlot } from '#lib/db/defence.ts';
import { type StageView, stagePlanOf } from '#lib/db/stage.ts';
import { type Command, endsAt, neighbour, type Part, pressable } from '#lib/stage.ts';

/** `slides`: where those of the team are, for who puts them on the wall. */
type OnRemote = { team: string | null; title: string; slides: string | null };

/** What a remote of the stage shows, as plain data. `null` where a break stands in the place of a team, or nothing does. */
export type RemoteView = {
  slug: string;
  version: number;
  isShown: boolean;
  /** What the large button does. */
  run: 'start' | 'resume' | 'pause';
  part: Part;
  onStage: (OnRemote & { place: number }) | null;
  next: OnRemote | null;
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
    onStage: current ? { ...onRemote(slug, current), place: place + 1 } : null,
    next: next ? onRemote(slug, next) : null,
    count: shown.length,
    clock: ends ? { endsAt: ends.toISOString() } : { leftMs: stage.allottedMs - stage.spentMs },
    warningMs: plan.warningMinutes * 60_000,
    pressable: pressable(stage, stagePlan, now),
    now: now.toISOString(),
  };
}

function onRemote(slug: string, { team, title, slides }: ProgrammeSlot): OnRemote {
  if (team === null) return { team: null, title: '', slides: null };
  const stored = slides?.kind === 'link' ? slides.url : slides && `/c/${slug}/defence/${team.id}/slides`;
  return { team: team.name, title, slides: stored };
}
