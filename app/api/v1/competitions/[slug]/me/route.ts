import type { OwnState } from '#lib/api/answers.ts';
import { findCaller } from '#lib/auth.ts';
import { isOpen } from '#lib/competition.ts';
import { getClose } from '#lib/db/adjustments.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { getQuota } from '#lib/db/quota.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { quotaOf } from '../../../answers.ts';
import { declared } from '../../../declared.ts';

/** What pages that are the same for everybody leave to the browser: the time by the rules' clock, and the caller's own team. */
export const GET = declared<{ slug: string }>('getOwnState', async ({ request, params }) => {
  const db = webDatabase();
  const user = await findCaller(request, 'read');
  const competition = await getVisibleCompetition(db, params.slug, user);
  const now = await readClock(db);
  const team = user && (await findTeamOf(db, competition.id, user.id));
  const close = team && (await getClose(db, competition, team.id));
  const uploads = close && isOpen({ start: competition.submissionsStartAt, end: close.closesAt }, now);
  const quota = team && uploads ? await getQuota(db, competition, team.id, now) : null;
  const answer: OwnState = {
    now: now.toISOString(),
    team: team && { id: team.id, name: team.name },
    quota: quota && quotaOf(quota),
  };
  return Response.json(answer);
});
