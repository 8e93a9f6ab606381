import { findCaller } from '#lib/auth.ts';
import { frozenSince } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { findLadderThreshold } from '#lib/db/ladder.ts';
import { findHead } from '#lib/db/log-chain.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { revalidatedJson } from '#lib/http.ts';
import { factsOf } from '../../answers.ts';
import { declared } from '../../declared.ts';

/** What everybody may know of a competition; of a draft, those who run it. */
export const GET = declared<{ slug: string }>('getCompetition', async ({ request, params, language }) => {
  const db = webDatabase();
  const user = await findCaller(request, 'read');
  const competition = await getVisibleCompetition(db, params.slug, user);
  const splits = await sumSplits(db, competition.id);
  const thresholdPermille = await findLadderThreshold(db, competition);
  const now = await readClock(db);
  const head = await findHead(db, competition.id, frozenSince(competition, now));
  const facts = factsOf(competition, splits, { thresholdPermille, head }, now, language);
  return revalidatedJson(request, facts, ['now']);
});
