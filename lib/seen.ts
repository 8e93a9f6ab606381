import { createHash } from 'node:crypto';
import { RefusedError } from '#lib/errors.ts';

/*
 * Two people change the same settings at once. A form carries by what it was drawn, so that only what its reader touched is written, and
 * what somebody else changed meanwhile stays.
 */

/** Fields of a form, as it shows them. */
export type Shown = Readonly<Record<string, string>>;

/** What a form was drawn by: a fingerprint of each field. For its hidden field `seen`. */
export function seenIn(shown: Shown): string {
  return JSON.stringify(Object.fromEntries(Object.entries(shown).map(([name, text]) => [name, fingerprintOf(text)])));
}

/**
 * `typed` with what its reader left alone as it stands `now`. Refuses with 'changed-meanwhile' where a field that they touched was changed
 * by somebody else, unless both say the same. A field that `seen` does not name counts as touched.
 */
export function ownEdits<Typed extends Shown>(typed: Typed, { seen, now }: { seen: string; now: Shown }): Typed {
  const seenFields = readSeen(seen);
  const edits = Object.entries(typed).map(([name, text]) => {
    const before = seenFields.get(name);
    const standing = now[name] ?? '';
    if (before === undefined || text === standing) return [name, text];
    if (before === fingerprintOf(text)) return [name, standing];
    if (before !== fingerprintOf(standing)) throw new RefusedError('changed-meanwhile', 409);
    return [name, text];
  });
  return Object.fromEntries(edits) as Typed;
}

/** Anybody can write a form by hand: what is unreadable says nothing. */
function readSeen(seen: string): Map<string, unknown> {
  try {
    return new Map(Object.entries(JSON.parse(seen) as object));
  } catch {
    return new Map();
  }
}

function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
