import { z } from 'zod';
import { reasonOf } from '#lib/db/audit.ts';
import { discardDraft, editLabels, type ReasonedAct } from '#lib/db/label-drafts.ts';
import { applyDraft, requestRescore } from '#lib/db/label-rescores.ts';
import { listUtteranceIds } from '#lib/db/utterances.ts';
import { InvalidFileError } from '#lib/errors.ts';
import { parseQuery, parseValue } from '#lib/http.ts';
import type { Edited } from '#lib/label-desk.ts';
import { uploadLimits } from '#lib/predictions/limits.ts';
import { parseReferences } from '#lib/predictions/references.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { parsePredictions } from '#lib/predictions.ts';
import type { Problem } from '#lib/problems.ts';
import { readUpload } from '#lib/upload-body.ts';
import { findTies } from '#scoring/board-ties.ts';
import { labelShape, readJson, reason, utteranceId } from '#scoring/desk/body.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';
import { type LabelReader, requireLabelReader } from '#scoring/desk/session.ts';

const editBody = z.object({ id: utteranceId, ...labelShape, reason });
const actBody = z.object({ reason });

const fileLimits = { maxBytes: uploadLimits.sentBytes, maxSeconds: 120 };

export async function editLabel(call: DeskCall): Promise<Response> {
  const reader = await requireLabelReader(call);
  const { reason, ...edit } = parseValue('body', await readJson(call.request), editBody);
  return json(await editLabels(call.db, reader.competition.id, [edit], actOf(reader, reason)));
}

/** A whole corrected file, in any format that predictions may have. What it says of wordings replaces what stands. */
export async function uploadLabels(call: DeskCall): Promise<Response> {
  const reader = await requireLabelReader(call);
  const act = actOf(reader, parseQuery(call.query, actBody).reason);
  const { bytes } = await readUpload(call.request, fileLimits);
  const ids = (await listUtteranceIds(call.db, reader.competition.id, 'test')).map(({ id }) => id);
  const references = await readReferences(bytes, ids);
  const edits = ids.map((id) => {
    const [reference, ...alternatives] = references.get(id)!;
    return { id, reference, alternatives };
  });
  return json(await editLabels(call.db, reader.competition.id, edits, act));
}

export async function rescoreLabels(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  await requestRescore(call.db, competition.id, user.id);
  return new Response(null, { status: 204 });
}

export async function applyLabels(call: DeskCall): Promise<Response> {
  const reader = await requireLabelReader(call);
  const { reason } = parseValue('body', await readJson(call.request), actBody);
  await applyDraft(call.db, reader.competition.id, actOf(reader, reason), findTies);
  return new Response(null, { status: 204 });
}

export async function discardLabels(call: DeskCall): Promise<Response> {
  const reader = await requireLabelReader(call);
  const { reason } = parseValue('body', await readJson(call.request), actBody);
  await discardDraft(call.db, reader.competition.id, actOf(reader, reason));
  return new Response(null, { status: 204 });
}

function actOf({ user }: LabelReader, reason: string): ReasonedAct {
  return { actorId: user.id, reason: reasonOf({ reason }) };
}

/** The wordings of exactly these utterances; all that is wrong with the file otherwise. */
async function readReferences(sent: Uint8Array, ids: readonly string[]) {
  const unpacked = await unpack(sent);
  if (!unpacked.ok) throw new InvalidFileError([unpacked.problem]);
  const parsed = parseReferences(unpacked.bytes, { limits: uploadLimits });
  if (!parsed.ok) throw new InvalidFileError(parsed.problems, { count: parsed.total });
  const wrong = wrongIds(unpacked.bytes, parsed, ids);
  if (wrong.length > 0) throw new InvalidFileError(wrong);
  return parsed.references;
}

/** Places of ids that the split does not have, then what it has and the file does not. */
function wrongIds(
  bytes: Uint8Array,
  { format, references }: Extract<ReturnType<typeof parseReferences>, { ok: true }>,
  ids: readonly string[],
): Problem[] {
  const expected = ids.map((id) => ({ id, seconds: null }));
  const checked = parsePredictions(bytes, { expected, format });
  const found = checked.ok ? [] : checked.problems.filter(({ code }) => code === 'id-unknown' || code === 'id-missing');
  if (found.length > 0) return found;
  const missing = ids.filter((id) => !references.has(id));
  return missing.slice(0, 100).map((id) => ({ line: 0, column: 0, code: 'id-missing', values: { id } }));
}

function json(changed: number): Response {
  return Response.json({ changed } satisfies Edited);
}
