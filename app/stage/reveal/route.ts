import { z } from 'zod';
import { requireGuest } from '#lib/auth/evening-guest.ts';
import { requireSameOrigin } from '#lib/auth.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { pressReveal } from '#lib/db/reveals.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { handler, parseQuery } from '#lib/http.ts';

/** All but what opens everything. */
const pressQuery = z.object({
  move: z.enum(['next', 'back', 'leave', 'return']),
  expected: z.coerce.number().int().min(0),
});

/** A press of the reveal's remote by whoever has opened a link for the stage, where organisers allow it. */
export const POST = handler(async ({ request, query }) => {
  const { competitionId, linkId } = await requireGuest('stage');
  requireSameOrigin(request);
  const press = parseQuery(query, pressQuery);
  const competition = await getCompetitionById(webDatabase(), competitionId);
  if (!competition.revealByHelpers) throw new ForbiddenError();
  return Response.json(await pressReveal(webDatabase(), competitionId, press, { linkId }));
});
