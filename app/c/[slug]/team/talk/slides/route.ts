import { z } from 'zod';
import { requireCaller } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { chargeLimit } from '#lib/db/rate-limits.ts';
import { requireOpenTalks, saveSlides } from '#lib/db/talks.ts';
import { getTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { handler, parseQuery } from '#lib/http.ts';
import { slidesOfPerson } from '#lib/identity/limits.ts';
import { storeRecording } from '#lib/objects.ts';
import { maxSlidesBytes, requirePdf } from '#lib/pdf.ts';
import { bodySeconds, readUpload } from '#lib/upload-body.ts';

const fileQuery = z.object({ file: z.string().trim().min(1).max(255) });

/** Takes the team's slides: the body is the PDF as it is. They lie beside the recordings, by their SHA-256. */
export const PUT = handler<{ slug: string }>(async ({ request, params, query }) => {
  const db = webDatabase();
  const user = await requireCaller(request, 'submit');
  const competition = await getVisibleCompetition(db, params.slug, user);
  await getTeamOf(db, competition.id, user.id);
  const { file: name } = parseQuery(query, fileQuery);
  await requireOpenTalks(db, competition);
  await chargeLimit(db, { limit: slidesOfPerson, subject: user.id });
  const { bytes } = await readUpload(request, { maxBytes: maxSlidesBytes, maxSeconds: bodySeconds });
  requirePdf(bytes);
  const stored = await storeRecording(webEnv(), bytes);
  await saveSlides(db, competition.id, user.id, { ...stored, name });
  // A worker may have been removing the same bytes as they were kept: nobody does once a row refers to them.
  await storeRecording(webEnv(), bytes);
  return Response.json({ bytes: stored.bytes, sha256: stored.sha256.toString('hex') });
});
