import { type Competition, isOpen, windows } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { type Clip, listClips } from '#lib/db/microphone.ts';
import { mayReadData } from '#lib/db/rule-acceptances.ts';
import type { User } from '#lib/db/users.ts';

const mostClips = 6;

/**
 * The recordings that a visitor may begin with: of dev, where it is released, and only for who may have the data anyway (signed in, and
 * the rules accepted). The demo's are published elsewhere, as its data page says, so they are for everybody.
 */
export async function clipsFor(
  db: Connection,
  competition: Competition,
  user: Pick<User, 'id' | 'isAdministrator'> | null,
  now: Date,
): Promise<Clip[]> {
  if (!isOpen(windows(competition).dev, now)) return [];
  const mayHear = competition.isDemo || (user !== null && (await mayReadData(db, competition, user)));
  return mayHear ? listClips(db, competition.id, mostClips) : [];
}
