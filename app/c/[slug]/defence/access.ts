import { findGuest } from '#lib/auth/evening-guest.ts';
import type { User } from '#lib/auth.ts';
import type { Competition } from '#lib/competition.ts';
import { findRole } from '#lib/db/competitions.ts';
import { findTalkingTeam, getPlan, type Plan } from '#lib/db/defence.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';

export type TalkAccess = { team: { id: string; name: string }; plan: Plan; maySeeSlides: boolean };

/**
 * A team's talk for who may look at it: everybody once the programme is published, before that its members, those who run the
 * competition, and who runs its stage for the evening. Null for others, and where there is no such team. Slides have a publication of their own.
 */
export async function accessTalk(
  competition: Competition,
  user: User | null,
  teamId: string,
): Promise<TalkAccess | null> {
  const db = webDatabase();
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(teamId);
  const team = isId ? await findTalkingTeam(db, competition.id, teamId) : null;
  if (team === null) return null;
  const plan = await getPlan(db, competition.id);
  const isInside = await belongs(competition, user, team.id);
  if (plan.programmePublishedAt === null && !isInside) return null;
  return { team, plan, maySeeSlides: isInside || plan.slidesPublishedAt !== null };
}

async function belongs(competition: Competition, user: User | null, teamId: string): Promise<boolean> {
  const db = webDatabase();
  if ((await findGuest('stage'))?.competitionId === competition.id) return true;
  if (user === null) return false;
  if (user.isAdministrator || (await findRole(db, competition.id, user.id)) !== null) return true;
  return (await findTeamOf(db, competition.id, user.id))?.id === teamId;
}
