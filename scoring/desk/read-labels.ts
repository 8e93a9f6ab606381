import { basename } from 'node:path/posix';
import { z } from 'zod';
import { isFrozen, isRevealed, phase } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { listCommitments, readLabelFile } from '#lib/db/label-commitments.ts';
import { findDraft, type LabelVersion } from '#lib/db/label-drafts.ts';
import { countChanges, listLabelHistory, listLabels, listLabelVersions } from '#lib/db/label-list.ts';
import { findLastRescore } from '#lib/db/label-rescores.ts';
import { getUtterance } from '#lib/db/utterances.ts';
import { attachment, serveObject } from '#lib/download.ts';
import { NotFoundError } from '#lib/errors.ts';
import { parseQuery } from '#lib/http.ts';
import type { DraftState, LabelHistory, LabelPage, LabelState } from '#lib/label-desk.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';
import { requireLabelReader, requireOpening } from '#scoring/desk/session.ts';

const pageSize = 20;

const labelQuery = z.object({
  text: z.string().trim().max(200).default(''),
  only: z.enum(['all', 'changed', 'excluded']).default('all'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
});
const idQuery = z.object({ id: z.string().min(1).max(255) });
const versionQuery = z.object({ version: z.coerce.number().int().min(1) });

/** The labels as the draft has them, else as they are in force. */
export async function readLabels(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const { text, only, page } = parseQuery(call.query, labelQuery);
  const inForce = { competitionId: competition.id, version: competition.labelVersion, baseVersion: null };
  const draft = await findDraft(call.db, competition.id);
  const query = { text, only, offset: (page - 1) * pageSize, limit: pageSize };
  return json<LabelPage>({ pageSize, ...(await listLabels(call.db, draft ?? inForce, query)) });
}

export async function readState(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const draft = await findDraft(call.db, competition.id);
  return json<LabelState>({
    labelVersion: competition.labelVersion,
    isFrozen: isFrozen(competition, await readClock(call.db)),
    draft: draft && (await stateOf(call, draft)),
    versions: await listLabelVersions(call.db, competition.id),
  });
}

async function stateOf({ db }: DeskCall, draft: LabelVersion): Promise<DraftState> {
  const rescore = await findLastRescore(db, draft);
  const changes = await countChanges(db, draft);
  if (rescore === null) return { version: draft.version, changes, rescore };
  const { state, done, total, failure, difference, revision } = rescore;
  const isCurrent = revision === draft.revision;
  return { version: draft.version, changes, rescore: { state, done, total, failure, difference, isCurrent } };
}

export async function readHistory(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const { id } = parseQuery(call.query, idQuery);
  const entries = await listLabelHistory(call.db, competition.id, id);
  if (entries.length === 0) throw new NotFoundError('utterance', id);
  return json<LabelHistory>({ entries });
}

/** A recording of test before its release, too. */
export async function playRecording(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const { id } = parseQuery(call.query, idQuery);
  const utterance = await getUtterance(call.db, competition.id, 'test', id);
  const { bytes, sha256, mediaType, fileName } = utterance;
  return serveObject(call.request, call, 'recordings', { bytes, sha256, mediaType, fileName: basename(fileName) });
}

/** What was promised by its SHA-256: from the reveal on, by the database's clock, for everybody. */
export async function publishedLabels(call: DeskCall): Promise<Response> {
  const { version } = parseQuery(call.query, versionQuery);
  const competition = await getCompetition(call.db, call.slug);
  const now = await readClock(call.db);
  const commitments = await listCommitments(call.db, competition.id);
  const isPublic = phase(competition, now) === 'revealed' && isRevealed(competition, now);
  if (!isPublic || commitments.every(({ labelVersion }) => labelVersion !== version)) {
    throw new NotFoundError('labels', String(version));
  }
  // The web sets when a reveal is due, and could have set it a moment ago.
  await requireOpening(call, competition.id);
  const bytes = await readLabelFile(call.db, competition, version);
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': 'application/jsonl; charset=utf-8',
      'Content-Length': String(bytes.length),
      'Content-Disposition': attachment(`${call.slug}-labels-${version}.jsonl`),
    },
  });
}

function json<Body>(body: Body): Response {
  return Response.json(body);
}
