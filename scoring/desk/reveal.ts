import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isRevealDue, nameOf } from '#lib/competition.ts';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { readClock } from '#lib/db/client.ts';
import { showRevealCodes } from '#lib/db/reveal-codes.ts';
import { attachment } from '#lib/download.ts';
import { parseQuery, parseValue } from '#lib/http.ts';
import { revealSteps } from '#lib/reveal.ts';
import type { NextStep, RehearsedSteps, ShownCodes } from '#lib/reveal-desk.ts';
import { readJson, reason } from '#scoring/desk/body.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';
import { requireLabelReader } from '#scoring/desk/session.ts';
import { findNextStep, rehearseResults, sealResults } from '#scoring/results.ts';
import { createRevealCode, revealFile, seal, shortId } from '#scoring/reveal-file.ts';

const reasonBody = z.object({ reason });
const fileQuery = z.object({ language: z.enum(['ru', 'en']).default('ru') });

/** The real result before its reveal, with a reason, to the organiser who asks. */
export async function rehearseReveal(call: DeskCall): Promise<Response> {
  const reader = await requireLabelReader(call);
  const { reason: typed } = parseValue('body', await readJson(call.request), reasonBody);
  const steps = revealSteps(await rehearseResults(call.db, reader, typed));
  return Response.json({ steps } satisfies RehearsedSteps);
}

/** What a press would open next; null where everything is open. Nothing before the instant of the reveal. */
export async function previewStep(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  const step = await findNextStep(call.db, competition);
  const { id: competitionId } = competition;
  if (step !== null) {
    await recordEvent(call.db, { actorId: user.id, competitionId, kind: 'reveal-previewed', subject: competitionId });
  }
  return Response.json({ step } satisfies NextStep);
}

/** The reveal as a file that needs no network. Nobody can open it before its code is shown. */
export async function downloadRevealFile(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  const { language } = parseQuery(call.query, fileQuery);
  const [id, code] = [randomUUID(), createRevealCode()];
  const results = await sealResults(call.db, competition.id, { id, code }, { actorId: user.id });
  const facts = { id, name: nameOf(competition, language), language, t: call.t };
  const html = revealFile(facts, await seal(revealSteps(results), code));
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Disposition': attachment(`${call.slug}-reveal-${shortId(id)}.html`),
    },
  });
}

/** What opens the files: from the instant of the reveal on freely, before it as an unsealing, with a reason. */
export async function readRevealCodes(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  const { reason: typed } = parseValue('body', await readJson(call.request), reasonBody);
  const isDue = isRevealDue(competition, await readClock(call.db));
  const act = { actorId: user.id, reason: isDue ? typed.trim() : reasonOf({ reason: typed }) };
  const codes = await showRevealCodes(call.db, competition.id, act);
  return Response.json({
    codes: codes.map(({ id, code, madeAt }) => ({ file: shortId(id), code, madeAt: madeAt.toISOString() })),
  } satisfies ShownCodes);
}
