import type { CompetitionList } from '#lib/api/answers.ts';
import { readClock } from '#lib/db/client.ts';
import { listPublishedCompetitions } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { handler } from '#lib/http.ts';
import { summaryOf } from '../answers.ts';

/** Every published competition, for everybody. */
export const GET = handler(async ({ language }) => {
  const db = webDatabase();
  const now = await readClock(db);
  const competitions = await listPublishedCompetitions(db);
  const answer: CompetitionList = { competitions: competitions.map((c) => summaryOf(c, now, language)) };
  return Response.json(answer);
});
