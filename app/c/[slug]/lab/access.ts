import { type Competition, isOpen, windows } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { hasDevSplit } from '#lib/db/lab.ts';
import { mayReadData } from '#lib/db/rule-acceptances.ts';
import { findTeamOf, type Team } from '#lib/db/teams.ts';
import type { User } from '#lib/db/users.ts';

export type Closed = 'no-dev' | 'not-released' | 'sign-in-first' | 'rules-first' | 'team-first';
export type Standing = { state: 'open'; team: Team } | { state: Closed };

/** Whether the lab is open to a person, or the one step that stands before it. */
export async function standingOf(
  db: Connection,
  competition: Competition,
  user: Pick<User, 'id' | 'isAdministrator'> | null,
  now: Date,
): Promise<Standing> {
  if (!(await hasDevSplit(db, competition.id))) return { state: 'no-dev' };
  if (user === null) return { state: 'sign-in-first' };
  if (!isOpen(windows(competition).dev, now)) return { state: 'not-released' };
  if (!(await mayReadData(db, competition, user))) return { state: 'rules-first' };
  const team = await findTeamOf(db, competition.id, user.id);
  return team === null ? { state: 'team-first' } : { state: 'open', team };
}
