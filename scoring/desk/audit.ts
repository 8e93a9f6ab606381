import { z } from 'zod';
import { isRevealed } from '#lib/competition.ts';
import { reasonOf } from '#lib/db/audit.ts';
import { readClock } from '#lib/db/client.ts';
import { listAuditedFiles } from '#lib/db/label-audit-jobs.ts';
import {
  addAuditOutput,
  answerQuestioned,
  countQuestioned,
  findLastAudit,
  type LabelAudit,
  listAuditOutputs,
  listQuestioned,
  nameAuditedTeams,
  nameAuditOutputs,
  removeAuditOutput,
  requestLabelAudit,
} from '#lib/db/label-audits.ts';
import { findDraft } from '#lib/db/label-drafts.ts';
import { listUtteranceIds } from '#lib/db/utterances.ts';
import { InvalidFileError } from '#lib/errors.ts';
import { parseQuery, parseValue } from '#lib/http.ts';
import type { AuditPage, AuditRun, AuditState, AuditSystem } from '#lib/label-audit.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { listHypotheses } from '#lib/predictions.ts';
import { readUpload } from '#lib/upload-body.ts';
import { evidenceOf } from '#scoring/desk/audit-evidence.ts';
import { labelShape, readJson, reason, utteranceId } from '#scoring/desk/body.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';
import { type LabelReader, requireLabelReader } from '#scoring/desk/session.ts';
import { createNormaliser, isProfileName } from '#scoring/wer/normalise.ts';

const pageSize = 20;
const pageQuery = z.object({
  only: z.enum(['open', 'changed', 'dismissed']).default('open'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
});
const fileQuery = z.object({ name: z.string().trim().max(255).default('') });
const fileBody = z.object({ id: z.uuid() });
/** `label` null: it is right as it stands. */
const answerBody = z.object({ id: utteranceId, label: z.object(labelShape).nullable(), reason });
const fileLimits = { maxBytes: uploadLimits.sentBytes, maxSeconds: 120 };

/** Where audits stand, and what they would hear. */
export async function readAudit(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const { db } = call;
  const labelVersion = await auditedVersion(call, competition);
  const [last, done] = [await findLastAudit(db, competition.id), await findLastAudit(db, competition.id, 'done')];
  const files = await listAuditedFiles(db, competition.id);
  return Response.json({
    labelVersion,
    last: last && runOf(last),
    systems: done === null ? [] : await nameSystems(call, competition, done),
    outputs: await listAuditOutputs(db, competition.id),
    entries: files.filter(({ kind }) => kind === 'submission').length,
    counts: await countQuestioned(db, competition.id, labelVersion),
  } satisfies AuditState);
}

function runOf({ state, failure, finishedAt, audited, effectiveSystems }: LabelAudit): AuditRun {
  if (state === 'failed') return { state, failure: failure ?? 'internal' };
  if (state !== 'done') return { state };
  return {
    state,
    finishedAt: finishedAt!.toISOString(),
    audited: audited ?? 0,
    effectiveSystems: effectiveSystems ?? 0,
  };
}

/** Whose entry said what would tell, before the reveal, how well its team does on what nobody may know yet. */
async function nameSystems(
  { db }: DeskCall,
  competition: LabelReader['competition'],
  { systems }: LabelAudit,
): Promise<AuditSystem[]> {
  const teams = isRevealed(competition, await readClock(db)) ? await nameAuditedTeams(db, competition.id) : null;
  const files = await nameAuditOutputs(db, competition.id);
  let number = 0;
  return systems.map(({ kind, id }) => {
    if (kind === 'file') return { kind, name: files.get(id) ?? '' };
    number += 1;
    return { kind: 'entry', number, team: teams?.get(id) ?? null };
  });
}

/** A page of what is in question, with what everybody hears there. */
export async function readQuestions(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const { only, page } = parseQuery(call.query, pageQuery);
  const labelVersion = await auditedVersion(call, competition);
  const { profile, mapping } = competition;
  if (!isProfileName(profile)) throw new Error(`unknown profile "${profile}"`);
  const normaliser = createNormaliser(profile, mapping);
  const query = { only, offset: (page - 1) * pageSize, limit: pageSize };
  const questioned = await listQuestioned(call.db, competition.id, labelVersion, query);
  const counts = await countQuestioned(call.db, competition.id, labelVersion);
  return Response.json({
    total: counts[only],
    pageSize,
    items: questioned.map(({ suspicion, ...item }) => ({
      ...item,
      evidence: suspicion && evidenceOf(suspicion, normaliser),
    })),
  } satisfies AuditPage);
}

export async function startAudit(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  await requestLabelAudit(call.db, competition.id, user.id);
  return new Response(null, { status: 204 });
}

/** A predictions file of test, in any format that entries may have. */
export async function addAuditFile(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  const { name } = parseQuery(call.query, fileQuery);
  const { bytes: content } = await readUpload(call.request, fileLimits);
  const unpacked = await unpack(content);
  if (!unpacked.ok) throw new InvalidFileError([unpacked.problem]);
  const expected = await listUtteranceIds(call.db, competition.id, 'test');
  const listed = listHypotheses(unpacked.bytes, { expected });
  if (!listed.ok) throw new InvalidFileError(listed.problems, { count: listed.total });
  await addAuditOutput(call.db, competition.id, { name, format: listed.format, content }, { actorId: user.id });
  return new Response(null, { status: 204 });
}

export async function removeAuditFile(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  const { id } = parseValue('body', await readJson(call.request), fileBody);
  await removeAuditOutput(call.db, competition.id, id, { actorId: user.id });
  return new Response(null, { status: 204 });
}

export async function answerQuestion(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  const { id, label, reason: typed } = parseValue('body', await readJson(call.request), answerBody);
  const act = { actorId: user.id, reason: reasonOf({ reason: typed }) };
  await answerQuestioned(call.db, competition.id, { id, label }, act);
  return new Response(null, { status: 204 });
}

/** The draft's labels, else those in force. */
async function auditedVersion({ db }: DeskCall, { id, labelVersion }: LabelReader['competition']): Promise<number> {
  return (await findDraft(db, id))?.version ?? labelVersion;
}
