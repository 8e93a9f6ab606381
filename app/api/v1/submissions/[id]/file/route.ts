import { requireCaller } from '#lib/auth.ts';
import { formatDigest } from '#lib/content-digest.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { getSubmissionFor } from '#lib/db/submission-views.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { isUnchanged } from '#lib/http.ts';
import { declared } from '../../../declared.ts';

/** The bytes of a submission exactly as they were sent, for who may see it. */
export const GET = declared<{ id: string }>('getSubmissionFile', async ({ request, params }) => {
  const user = await requireCaller(request, 'read');
  const { id, fileName, sha256 } = await getSubmissionFor(webDatabase(), params.id, user);
  const kept = { ETag: `"${sha256}"`, 'Cache-Control': 'private, no-cache, no-transform' };
  if (isUnchanged(request, kept.ETag)) return new Response(null, { status: 304, headers: kept });
  const bytes = await getSubmittedFile(webDatabase(), id);
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...kept,
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(bytes.length),
      'Content-Disposition': attachment(fileName || `${id}.txt`),
      'Repr-Digest': formatDigest('sha-256', Buffer.from(sha256, 'hex')),
    },
  });
});
