import { z } from 'zod';
import { archiveLimits, removeUpload, writePart } from '#lib/archive-uploads.ts';
import { requireCaller } from '#lib/auth.ts';
import { manifestFormats } from '#lib/datasets/manifest.ts';
import { dropUpload, importUpload, type OwnUpload, receivePart } from '#lib/db/archive-uploads.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { handler, parseQuery, parseValue } from '#lib/http.ts';
import { bodySeconds, readUpload } from '#lib/upload-body.ts';

type Params = { slug: string; id: string };

const partQuery = z.object({ offset: z.coerce.number().int().min(0) });
const key = z.string().trim().min(1).max(100).optional();
const importQuery = z.object({
  format: z.enum(manifestFormats).optional(),
  split: z.enum(['train', 'dev', 'test']).optional(),
  speakerKey: key,
  groupKey: key,
});

/** The next part of an archive. A part is small enough to be held in memory, checked whole, and sent again after a break. */
export const PUT = handler<Params>(async ({ request, params, query }) => {
  const upload = await ownUpload(request, params);
  const { offset } = parseQuery(query, partQuery);
  const { bytes } = await readUpload(request, { maxBytes: archiveLimits.partBytes, maxSeconds: bodySeconds });
  if (offset === 0 && bytes.toString('latin1', 0, 2) !== 'PK') throw new RefusedError('upload-kind', 415);
  const { received } = await receivePart(webDatabase(), upload, { offset, bytes: bytes.length }, () =>
    writePart(webEnv(), upload.id, offset, bytes),
  );
  return Response.json({ received });
});

/** Imports an archive that is here as a whole. */
export const POST = handler<Params>(async ({ request, params, query }) => {
  const upload = await ownUpload(request, params);
  const { id } = await importUpload(webDatabase(), upload, parseQuery(query, importQuery));
  return Response.json({ id }, { status: 201 });
});

/** Gives an upload up. */
export const DELETE = handler<Params>(async ({ request, params }) => {
  const upload = await ownUpload(request, params);
  await dropUpload(webDatabase(), upload, () => removeUpload(webEnv(), upload.id));
  return new Response(null, { status: 204 });
});

async function ownUpload(request: Request, { slug, id }: Params): Promise<OwnUpload> {
  const user = await requireCaller(request, 'submit');
  const competition = await getOrganisedCompetition(webDatabase(), slug, user);
  return { id: parseValue('id', id, z.uuid()), competitionId: competition.id, requestedBy: user.id };
}
