/*
 * The stage: which slot is on, and its clock. The clock is instants and lengths, so that nobody has to tick for it to be right; every
 * press of the remote makes a new state of the old one. Pure, for server and browser.
 */

export type Part = 'talk' | 'questions' | 'break';

export type Clock = {
  allottedMs: number;
  /** Run before it was started last. */
  spentMs: number;
  /** Null while it stands. */
  runningSince: Date | null;
};

export type Stage = Clock & {
  /** Whether the hall sees the talk; else it sees the board. */
  isShown: boolean;
  slotId: string | null;
  part: Part;
};

/** A slot as the stage takes it. */
export type StageSlot = { id: string; isBreak: boolean; minutes: number; isSkipped: boolean };
export type StagePlan = { slots: readonly StageSlot[]; questionMinutes: number };

export const commands = ['start', 'pause', 'more', 'questions', 'again', 'next', 'back', 'board', 'show'] as const;
export type Command = (typeof commands)[number];

export const emptyStage: Stage = {
  isShown: false,
  slotId: null,
  part: 'talk',
  allottedMs: 0,
  spentMs: 0,
  runningSince: null,
};

const minuteMs = 60_000;

/** Negative once it is over. */
export function remainingMs({ allottedMs, spentMs, runningSince }: Clock, now: Date): number {
  return allottedMs - spentMs - (runningSince === null ? 0 : now.getTime() - runningSince.getTime());
}

/** The instant at which a running clock comes to zero; null while it stands. */
export function endsAt({ allottedMs, spentMs, runningSince }: Clock): Date | null {
  return runningSince && new Date(runningSince.getTime() + allottedMs - spentMs);
}

/** What the rest of the slot takes: after a talk that is not over yet, its questions. */
export function slotRemainingMs(stage: Stage, plan: Pick<StagePlan, 'questionMinutes'>, now: Date): number {
  const left = Math.max(0, remainingMs(stage, now));
  return stage.part === 'talk' ? left + plan.questionMinutes * minuteMs : left;
}

/** The slot that `next` or `back` leads to: the nearest in that direction that is not skipped; null where there is none. */
export function neighbour(stage: Pick<Stage, 'slotId'>, plan: StagePlan, step: 1 | -1): StageSlot | null {
  const here = plan.slots.findIndex(({ id }) => id === stage.slotId);
  const ahead = step === 1 ? plan.slots.slice(here + 1) : plan.slots.slice(0, Math.max(0, here)).reverse();
  return ahead.find(({ isSkipped }) => !isSkipped) ?? null;
}

/** What a press makes of the stage; null where it would change nothing that one can see, so that there is nothing to press. */
export function press(stage: Stage, command: Command, plan: StagePlan, now: Date): Stage | null {
  const onStage = plan.slots.find(({ id }) => id === stage.slotId);
  switch (command) {
    case 'start':
      return onStage && stage.runningSince === null ? { ...stage, isShown: true, runningSince: now } : null;
    case 'pause':
      return stage.runningSince === null ? null : { ...stage, ...stopped(stage, now) };
    case 'more':
      return onStage ? { ...stage, allottedMs: stage.allottedMs + minuteMs } : null;
    case 'questions':
      if (!onStage || stage.part !== 'talk' || plan.questionMinutes === 0) return null;
      // Nobody waits for a second press: the first question comes with the applause.
      return { ...stage, part: 'questions', ...wholeClock(plan.questionMinutes), runningSince: now };
    case 'again':
      return onStage ? { ...stage, ...onto(onStage), isShown: stage.isShown } : null;
    case 'next':
    case 'back': {
      const slot = neighbour(stage, plan, command === 'next' ? 1 : -1);
      return slot && { ...onto(slot), isShown: true };
    }
    case 'board':
      return stage.isShown ? { ...stage, isShown: false } : null;
    case 'show':
      return onStage && !stage.isShown ? { ...stage, isShown: true } : null;
  }
}

/** The commands that would change something. */
export function pressable(stage: Stage, plan: StagePlan, now: Date): Command[] {
  return commands.filter((command) => press(stage, command, plan, now) !== null);
}

function stopped(stage: Stage, now: Date): Pick<Clock, 'spentMs' | 'runningSince'> {
  return { spentMs: stage.allottedMs - remainingMs(stage, now), runningSince: null };
}

/** A slot from its beginning, with a clock that stands. */
function onto(slot: StageSlot): Omit<Stage, 'isShown'> {
  return { slotId: slot.id, part: slot.isBreak ? 'break' : 'talk', ...wholeClock(slot.minutes) };
}

function wholeClock(minutes: number): Clock {
  return { allottedMs: minutes * minuteMs, spentMs: 0, runningSince: null };
}

/** A clock as it is read from the last row: `7:05`, `1:02:30`, and over the time `+0:12`. Whole seconds, the last one shown until it is over. */
export function clockText(leftMs: number): string {
  const seconds = leftMs > 0 ? Math.ceil(leftMs / 1000) : Math.floor(-leftMs / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours, minutes, rest] = parts as [number, number, number];
  const digits = hours > 0 ? [hours, pair(minutes), pair(rest)] : [minutes, pair(rest)];
  return `${leftMs <= -1000 ? '+' : ''}${digits.join(':')}`;
}

function pair(part: number): string {
  return String(part).padStart(2, '0');
}
