import { z } from 'zod';
import { requireCaller } from '#lib/auth.ts';
import { getStaffedCompetition } from '#lib/db/organisers.ts';
import { moves, pressReveal } from '#lib/db/reveals.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { handler, parseQuery } from '#lib/http.ts';

const pressQuery = z.object({ move: z.enum(moves), expected: z.coerce.number().int().min(0) });

/** A press of the remote, made upon the revision that it showed. Answers what is on the screens now. */
export const POST = handler<{ slug: string }>(async ({ request, params, query }) => {
  const db = webDatabase();
  const user = await requireCaller(request, 'submit');
  const { competition, role } = await getStaffedCompetition(db, params.slug, user);
  const press = parseQuery(query, pressQuery);
  const mayPress = role === 'organiser' || (competition.revealByHelpers && press.move !== 'all');
  if (!mayPress) throw new ForbiddenError();
  return Response.json(await pressReveal(db, competition.id, press, { actorId: user.id }));
});
