import type { CompetitionList } from '#lib/api/answers.ts';
import { readClock } from '#lib/db/client.ts';
import { listPublishedCompetitions } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { revalidatedJson } from '#lib/http.ts';
import { summaryOf } from '../answers.ts';
import { declared } from '../declared.ts';

/** Every published competition, for everybody. */
export const GET = declared('listCompetitions', async ({ request, language }) => {
  const db = webDatabase();
  const now = await readClock(db);
  const competitions = await listPublishedCompetitions(db);
  const answer: CompetitionList = { competitions: competitions.map((c) => summaryOf(c, now, language)) };
  return revalidatedJson(request, answer);
});
