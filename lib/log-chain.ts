import { createHash } from 'node:crypto';
import type { Problem } from '#lib/problems.ts';

/*
 * The log as a chain: every event with the hash of the one before it (docs/en/operators/log.md). The database computes the same while it chains; this
 * is what is checked with, and believes nothing of what the database says but the rows.
 */

/** An event as the database writes its fields as text: `at` in UTC with microseconds, `details` as its jsonb prints. */
export type EventText = {
  id: string;
  at: string;
  actorId: string;
  competitionId: string;
  kind: string;
  subject: string;
  reason: string;
  details: string;
};

/** A place in a chain and what stands there; `event` null where the row is gone. `hash` in lower-case hexadecimal. */
export type ChainLink = { position: number; eventId: string; hash: string; event: EventText | null };

/** The end of a chain that has been read, from which it can be read on. */
export type ChainHead = { position: number; hash: string };

/** What is wrong with a log, and where; `event` is an id. */
export type LogFault =
  | { kind: 'altered' | 'missing' | 'inserted'; position: number | null; event: string }
  | { kind: 'gap'; position: number }
  | { kind: 'head-unknown'; head: string };

/** The fault as one of the problems that have a sentence (lib/problems.ts). */
export function problemOfFault({ kind, ...values }: LogFault): Pick<Problem, 'code' | 'values'> {
  const known = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== null);
  return { code: `log-${kind}`, values: Object.fromEntries(known) };
}

export const emptyChain: ChainHead = { position: 0, hash: '0'.repeat(64) };

const fields = ['id', 'at', 'actorId', 'competitionId', 'kind', 'subject', 'reason', 'details'] as const;

/** Each field as a netstring: its length in bytes of UTF-8, a colon, the field, a comma. */
function serialiseEvent(event: EventText): string {
  return fields.map((field) => `${Buffer.byteLength(event[field])}:${event[field]},`).join('');
}

/** The hash of an event that follows `previous`. */
function chainHash(previous: string, event: EventText): string {
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(serialiseEvent(event)).digest('hex');
}

/** Goes on from `head` over the next links; the first fault ends it. */
export function followChain(head: ChainHead, links: readonly ChainLink[]): { head: ChainHead; fault: LogFault | null } {
  let { position, hash } = head;
  for (const link of links) {
    if (link.position !== position + 1)
      return { head: { position, hash }, fault: { kind: 'gap', position: position + 1 } };
    if (link.event === null) return { head: { position, hash }, fault: faultAt('missing', link) };
    if (chainHash(hash, link.event) !== link.hash) return { head: { position, hash }, fault: faultAt('altered', link) };
    ({ position, hash } = link);
  }
  return { head: { position, hash }, fault: null };
}

function faultAt(kind: 'missing' | 'altered', { position, eventId }: ChainLink): LogFault {
  return { kind, position, event: eventId };
}
