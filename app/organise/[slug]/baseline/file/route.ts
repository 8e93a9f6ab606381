import { z } from 'zod';
import { uploadQuery } from '#lib/api/queries.ts';
import { requireCaller } from '#lib/auth.ts';
import { checkInThread } from '#lib/check-in-thread.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { InvalidFileError } from '#lib/errors.ts';
import { expectedUtterances } from '#lib/expected-utterances.ts';
import { handler, parseQuery } from '#lib/http.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import { bodySeconds, readUpload } from '#lib/upload-body.ts';

const bodyLimits = { maxBytes: uploadLimits.sentBytes, maxSeconds: bodySeconds };
const pinQuery = uploadQuery.extend({ name: z.string().trim().min(1).max(1000) });

/** Pins the body, a predictions file, as the baseline's of a split. A route and no action: actions take a megabyte. */
export const POST = handler<{ slug: string }>(async ({ request, params, query }) => {
  const db = webDatabase();
  const user = await requireCaller(request, 'submit');
  const competition = await getOrganisedCompetition(db, params.slug, user);
  const { name, split, file: fileName, note, code: codeLink = null, format } = parseQuery(query, pinQuery);
  const expected = await expectedUtterances(db, competition, split);
  const { bytes, sha256 } = await readUpload(request, bodyLimits);
  const { rejection, ...parsed } = await checkInThread(expected, bytes, { encoded: false, format });
  if (rejection !== null) throw new InvalidFileError(rejection.problems, { count: rejection.count });
  const file = { name, split, bytes, sha256, fileName, note, codeLink, parsed };
  const { id, state } = await pinBaseline(db, competition.id, file, { actorId: user.id });
  return Response.json({ id, state }, { status: 201 });
});
