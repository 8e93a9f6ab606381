import type { ReceiptAnswer, SubmissionListAnswer } from '#lib/api/answers.ts';
import { idempotencyKey, uploadQuery } from '#lib/api/queries.ts';
import { arrivedAt, requireCaller } from '#lib/auth.ts';
import { checkInThread } from '#lib/check-in-thread.ts';
import { type Arrival, getArrival } from '#lib/db/arrivals.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { getQuota } from '#lib/db/quota.ts';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import { createSubmission, type Receipt, recordRejected, requireStart } from '#lib/db/submissions.ts';
import { getTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ForbiddenError, InvalidFileError } from '#lib/errors.ts';
import { expectedUtterances } from '#lib/expected-utterances.ts';
import { parseQuery, parseValue, revalidatedJson } from '#lib/http.ts';
import { log } from '#lib/log.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import { bodySeconds, isGzipEncoding, readUpload } from '#lib/upload-body.ts';
import { quotaOf, submissionLinks, submissionSummaryOf } from '../../../answers.ts';
import { declared } from '../../../declared.ts';

type Params = { slug: string };

const bodyLimits = { maxBytes: uploadLimits.sentBytes, maxSeconds: bodySeconds };

/** The submissions of the caller's team, newest first, and its quota as of now. */
export const GET = declared<Params>('listSubmissions', async ({ request, params, t }) => {
  const db = webDatabase();
  const user = await requireCaller(request, 'read');
  const competition = await getVisibleCompetition(db, params.slug, user);
  const team = await getTeamOf(db, competition.id, user.id);
  const submissions = await listSubmissionsOf(db, team.id);
  const quota = await getQuota(db, competition, team.id, await readClock(db));
  const answer: SubmissionListAnswer = {
    submissions: submissions.map((submission) => submissionSummaryOf(submission, t)),
    quota: quotaOf(quota),
  };
  return revalidatedJson(request, answer);
});

/**
 * Takes a predictions file: the body as it is. Who sends it and whether they may is decided before any of it is read; the instant
 * that counts is that of its authenticated headers, by the database's clock.
 */
export const POST = declared<Params>('submit', async ({ request, params, query, requestId }) => {
  const db = webDatabase();
  const author = await requireCaller(request, 'submit');
  const arrival = await getArrival(db, params.slug, author, arrivedAt(request));
  const asked = parseQuery(query, uploadQuery);
  const key = parseValue('Idempotency-Key', request.headers.get('idempotency-key'), idempotencyKey);
  requireEntry(arrival);
  const { competition, receivedAt, lists } = arrival;

  const expected = await expectedUtterances(db, competition, asked.split, lists);
  const { bytes, sha256 } = await readUpload(request, bodyLimits);
  const encoded = isGzipEncoding(request.headers.get('content-encoding'));
  const { rejection, ...parsed } = await checkInThread(expected, bytes, { encoded, format: asked.format });

  const { split, file: fileName, note, code: codeLink = null } = asked;
  const about = { competitionId: competition.id, author, split, fileName, note, codeLink, idempotencyKey: key };
  const upload = { ...about, receivedAt, bytes, sha256, parsed };
  const receipt = await (rejection === null ? createSubmission(db, upload) : recordRejected(db, upload, rejection));
  const { submission, outcome } = receipt;
  // From here on the worker's lines know it by this id.
  log.info({ requestId, submissionId: submission.id, outcome, state: submission.state }, 'submission received');
  return answerOf(receipt, competition.slug);
});

/** What can be refused without the file; createSubmission decides it again, under the team's lock. */
function requireEntry({ competition, receivedAt, hasAcceptedRules, hasTeam }: Arrival): void {
  if (!hasAcceptedRules) throw new ForbiddenError('rules');
  if (!hasTeam) throw new ForbiddenError('team');
  requireStart(competition, receivedAt);
}

/** 201 for what was stored and for its replay; 200 for the earlier submission of equal bytes; 422 for a file with problems. */
function answerOf({ outcome, submission, quota }: Receipt, slug: string): Response {
  const { id, state, problems, problemCount } = submission;
  if (state === 'rejected') throw new InvalidFileError(problems, { id, state, count: problemCount });
  const receipt: ReceiptAnswer = {
    id,
    receivedAt: submission.receivedAt.toISOString(),
    sha256: submission.sha256.toString('hex'),
    late: submission.late,
    quota: quota && quotaOf(quota),
    links: submissionLinks(slug, id),
  };
  return Response.json(receipt, {
    status: outcome === 'existing' ? 200 : 201,
    headers: { Location: receipt.links.self },
  });
}
