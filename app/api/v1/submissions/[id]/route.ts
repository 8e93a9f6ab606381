import { requireCaller } from '#lib/auth.ts';
import { getSubmissionFor } from '#lib/db/submission-views.ts';
import { webDatabase } from '#lib/db/web.ts';
import { revalidatedJson } from '#lib/http.ts';
import { submissionOf } from '../../answers.ts';
import { declared } from '../../declared.ts';

/** One submission, with what the caller may see of its score; to others it does not exist. */
export const GET = declared<{ id: string }>('getSubmission', async ({ request, params, t }) => {
  const user = await requireCaller(request, 'read');
  const submission = await getSubmissionFor(webDatabase(), params.id, user);
  return revalidatedJson(request, submissionOf(submission, t));
});
