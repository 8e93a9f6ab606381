import { readSnapshot } from '#lib/board.ts';
import { isFrozen } from '#lib/competition.ts';
import { getBoard } from '#lib/db/boards.ts';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import type { Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { bestOverTime } from '#lib/progress.ts';
import { TeamProgress } from '../../defence/team-progress.tsx';
import type { Visit } from '../../visit.ts';

/** The team's own chart, which goes on while the board is frozen. */
export async function OwnProgress({ visit: v, team }: { visit: Visit; team: Team }) {
  const { t, competition, now } = v;
  const scored = await listSubmissionsOf(webDatabase(), team.id);
  const entries = scored.flatMap(({ split, late, voidedAt, receivedAt, status }) => {
    const counts = split === 'test' && !late && voidedAt === null && status.state === 'scored';
    return counts && status.test !== null ? [{ at: receivedAt, permille: status.test.werPermille }] : [];
  });
  const board = readSnapshot((await getBoard(webDatabase(), competition)).body);
  const own = { teamId: team.id, team: team.name, rank: 1, isBaseline: false, history: bestOverTime(entries) };
  const baseline = board.rows.filter(({ isBaseline }) => isBaseline);
  const note = isFrozen(competition, now) ? t('talk.progress-frozen') : t('talk.progress-own');
  return <TeamProgress visit={v} board={{ at: now.toISOString(), rows: [own, ...baseline] }} note={note} />;
}
