import { findCaller } from '#lib/auth.ts';
import { isOpen } from '#lib/competition.ts';
import { getClose } from '#lib/db/adjustments.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { getQuota } from '#lib/db/quota.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { handler } from '#lib/http.ts';

/** What pages that are the same for everybody leave to the browser: the time by the rules' clock, and the caller's own team. */
export const GET = handler<{ slug: string }>(async ({ request, params }) => {
  const db = webDatabase();
  const user = await findCaller(request, 'read');
  const competition = await getVisibleCompetition(db, params.slug, user);
  const now = await readClock(db);
  const team = user && (await findTeamOf(db, competition.id, user.id));
  const close = team && (await getClose(db, competition, team.id));
  const uploads = close && isOpen({ start: competition.submissionsStartAt, end: close.closesAt }, now);
  const quota = team && uploads ? await getQuota(db, competition, team.id, now) : null;
  return Response.json({
    now: now.toISOString(),
    team: team && { id: team.id, name: team.name },
    quota: quota && { used: quota.used, limit: quota.limit, resetsAt: quota.resetsAt.toISOString() },
  });
});
