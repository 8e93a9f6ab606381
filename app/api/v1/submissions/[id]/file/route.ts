import { requireCaller } from '#lib/auth.ts';
import { formatDigest } from '#lib/content-digest.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { getSubmissionFor } from '#lib/db/submission-views.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { handler } from '#lib/http.ts';

/** The bytes of a submission exactly as they were sent, for who may see it. */
export const GET = handler<{ id: string }>(async ({ request, params }) => {
  const user = await requireCaller(request, 'read');
  const { id, fileName, sha256 } = await getSubmissionFor(webDatabase(), params.id, user);
  const bytes = await getSubmittedFile(webDatabase(), id);
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(bytes.length),
      'Content-Disposition': attachment(fileName || `${id}.txt`),
      'Repr-Digest': formatDigest('sha-256', Buffer.from(sha256, 'hex')),
    },
  });
});
