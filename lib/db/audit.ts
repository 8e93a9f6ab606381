import { type Placeholder, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { events } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import type { EventKind } from '#lib/event-kinds.ts';

export type Event = {
  /** Who did it; null for the platform itself and for the owner's command line. */
  actorId: string | null;
  competitionId?: string;
  kind: EventKind;
  /** The id of what it happened to. Never a name or an address: people can be erased, this log cannot. */
  subject?: string;
  reason?: string;
  details?: Record<string, unknown>;
};

/** Writes to the append-only log; called in the transaction of the act itself, so that neither exists without the other. */
export async function recordEvent(tx: Connection, event: Event): Promise<void> {
  await insertionOf(tx, event);
}

/** The statement that writes an event, for an act that is written in one statement with it; places may stand in it. */
export function insertionOf(
  tx: Pick<Connection, 'insert'>,
  event: { [Part in keyof Event]: Event[Part] | Placeholder },
) {
  return tx.insert(events).values({
    at: sql`rostrum_now()`,
    actorId: event.actorId,
    competitionId: event.competitionId ?? null,
    kind: event.kind,
    subject: event.subject ?? '',
    reason: event.reason ?? '',
    details: event.details ?? {},
  });
}

/** Of an act on other people's behalf: they are told why. Refuses with 'no-reason' where nothing was written. */
export function reasonOf(act: { reason?: string }): string {
  const reason = act.reason?.trim() ?? '';
  if (reason === '') throw new RefusedError('no-reason', 422);
  return reason;
}
