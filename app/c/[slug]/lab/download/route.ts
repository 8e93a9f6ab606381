import { z } from 'zod';
import { requireCaller } from '#lib/auth.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { devFileOf, findBaselineDevFile, listDevFiles } from '#lib/db/lab.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { ForbiddenError, NotFoundError } from '#lib/errors.ts';
import { handler, parseQuery } from '#lib/http.ts';
import { type Closed, standingOf } from '../access.ts';
import { devSplit, tableOf } from '../work.ts';

const downloadQuery = z.object({ file: z.string().max(100), as: z.enum(['csv', 'json']).default('csv') });

/** The analysis of one of the team's files for dev, or of the baseline's, utterance by utterance. */
export const GET = handler<{ slug: string }>(async ({ request, params, query }) => {
  const db = webDatabase();
  const user = await requireCaller(request, 'read');
  const competition = await getVisibleCompetition(db, params.slug, user);
  const standing = await standingOf(db, competition, user, await readClock(db));
  if (standing.state !== 'open') throw refusalFor(standing.state);
  const { file: id, as } = parseQuery(query, downloadQuery);
  const baseline = await findBaselineDevFile(db, competition.id);
  const own = await listDevFiles(db, standing.team.id);
  const file = devFileOf(baseline === null ? own : [...own, baseline], id);
  const table = await tableOf(await devSplit(competition), file, as);
  const name = `${(file.fileName || file.id).replace(/\.[a-z0-9.]{1,10}$/i, '')}-errors.${as}`;
  return new Response(table, {
    headers: {
      'Content-Type': as === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      'Content-Disposition': attachment(name),
    },
  });
});

function refusalFor(state: Closed): Error {
  if (state === 'rules-first') return new ForbiddenError('rules');
  if (state === 'team-first') return new ForbiddenError('team');
  return state === 'not-released' ? new ForbiddenError('phase') : new NotFoundError('lab', '');
}
