import { z } from 'zod';
import { archiveLimits, beginUpload, removeUpload } from '#lib/archive-uploads.ts';
import { requireCaller } from '#lib/auth.ts';
import { createArchiveUpload, deleteUpload, promisedBytes } from '#lib/db/archive-uploads.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { handler, parseQuery } from '#lib/http.ts';

const beginQuery = z.object({
  file: z.string().trim().min(1).max(255),
  bytes: z.coerce.number().int().min(1),
});

/** Begins the upload of an archive with a dataset: refused here, before a byte is sent, where it could not be kept or imported. */
export const POST = handler<{ slug: string }>(async ({ request, params, query }) => {
  const db = webDatabase();
  const place = webEnv();
  const user = await requireCaller(request, 'submit');
  const competition = await getOrganisedCompetition(db, params.slug, user);
  const { file: fileName, bytes } = parseQuery(query, beginQuery);
  if (bytes > archiveLimits.bytes) throw new RefusedError('too-large', 413, { maxBytes: archiveLimits.bytes });
  const promised = await promisedBytes(db);
  const upload = await createArchiveUpload(db, {
    competitionId: competition.id,
    requestedBy: user.id,
    fileName,
    bytes,
  });
  try {
    await beginUpload(place, upload.id, bytes, promised);
  } catch (error) {
    await deleteUpload(db, upload.id);
    await removeUpload(place, upload.id);
    throw error;
  }
  return Response.json({ id: upload.id, partBytes: archiveLimits.partBytes }, { status: 201 });
});
