import { createHash } from 'node:crypto';

/*
 * The order of the public defence and its times. Pure: chance is a seed, the clock a parameter.
 */

/** A talk or a break of the programme, in its order. `minutes`: of a break, or of a talk that is not as long as the others. */
export type Slot = {
  id: string;
  team: { id: string; name: string; isGuest: boolean } | null;
  minutes: number | null;
  isSkipped: boolean;
  /** When its clock was first started. */
  beganAt: Date | null;
};

/** How long everybody talks and is asked. */
export type Lengths = { talkMinutes: number; questionMinutes: number };

export type Timed<S extends Slot = Slot> = S & {
  /** When it began or is expected to; null for what is skipped, and where no start is set. */
  at: Date | null;
  state: 'done' | 'now' | 'ahead' | 'skipped';
};

/** What stands on the stage: its slot, and how long that will still take. */
export type OnStage = { slotId: string; remainingMs: number };

const minuteMs = 60_000;

/**
 * Times of all slots. Until the first has begun they follow one another from `startsAt`; from then on those ahead follow what is on
 * the stage now, so that a late talk moves them. Whoever has begun keeps the instant at which they did; what the stage has gone past
 * is done.
 */
export function schedule<S extends Slot>(
  slots: readonly S[],
  lengths: Lengths,
  startsAt: Date | null,
  stage: OnStage | null,
  now: Date,
): Timed<S>[] {
  const hasBegun = slots.some(({ beganAt }) => beganAt !== null);
  const current = hasBegun ? slots.findIndex(({ id }) => id === stage?.slotId) : -1;
  let next = hasBegun ? now : startsAt;
  return slots.map((slot, i) => {
    if (slot.isSkipped && i !== current) return { ...slot, at: null, state: 'skipped' };
    if (i === current) {
      next = new Date(now.getTime() + Math.max(0, stage!.remainingMs));
      return { ...slot, at: slot.beganAt ?? now, state: 'now' };
    }
    if (i < current || slot.beganAt !== null) return { ...slot, at: slot.beganAt, state: 'done' };
    const at = next;
    next = at && new Date(at.getTime() + slotMs(slot, lengths));
    return { ...slot, at, state: 'ahead' };
  });
}

/** How long a slot is meant to take, questions included. */
export function slotMs(slot: Pick<Slot, 'team' | 'minutes'>, lengths: Lengths): number {
  if (slot.team === null) return (slot.minutes ?? 0) * minuteMs;
  return ((slot.minutes ?? lengths.talkMinutes) + lengths.questionMinutes) * minuteMs;
}

/** When the last slot is expected to be over; null without a start, and once nothing is ahead. */
export function endOf(timed: readonly Timed[], lengths: Lengths): Date | null {
  const last = timed.findLast(({ state }) => state === 'ahead');
  return last?.at ? new Date(last.at.getTime() + slotMs(last, lengths)) : null;
}

/**
 * The order of names under a seed: ascending by the SHA-256 of `seed:name` in UTF-8, written in hexadecimal. Whoever has a shell can
 * draw again (`drawCommand`). The order in which names are given is of no account.
 */
export function drawOrder<Named extends { name: string }>(seed: string, named: readonly Named[]): Named[] {
  const drawn = named.map((item) => ({ item, digest: digestOf(seed, item.name) }));
  drawn.sort((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0));
  return drawn.map(({ item }) => item);
}

export function digestOf(seed: string, name: string): string {
  return createHash('sha256').update(`${seed}:${name}`).digest('hex');
}

/** What prints the digest of a name under a seed, for a shell. */
export function drawCommand(seed: string, name: string): string {
  return `printf %s '${`${seed}:${name}`.replaceAll("'", "'\\''")}' | sha256sum`;
}
