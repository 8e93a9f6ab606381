import { z } from 'zod';
import { reasonOf } from '#lib/db/audit.ts';
import { listComparedTeams, listKnownSystems } from '#lib/db/team-comparison-jobs.ts';
import {
  findLastComparison,
  getExamples,
  listPairs,
  notePair,
  requestComparison,
  type TeamComparison,
} from '#lib/db/team-comparisons.ts';
import type { ComparisonRun, EvidenceState, PairExamples } from '#lib/evidence.ts';
import { parseQuery, parseValue } from '#lib/http.ts';
import { stepsOf } from '#scoring/desk/audit-evidence.ts';
import { readJson, reason } from '#scoring/desk/body.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';
import { requireLabelReader } from '#scoring/desk/session.ts';
import { normalise } from '#scoring/wer/normalise.ts';

/*
 * Evidence about pairs of teams. Unlike an audit of labels it names them before the reveal, as it is about nothing else; it tells how many
 * rare mistakes they make, and nobody's error rate.
 */

const pairQuery = z.object({ first: z.uuid(), second: z.uuid() });
const noteBody = z.object({ first: z.uuid(), second: z.uuid(), note: reason });

/** Where comparisons stand, and the pairs of the last one. */
export async function readEvidence(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const { db } = call;
  const last = await findLastComparison(db, competition.id);
  return Response.json({
    teams: (await listComparedTeams(db, competition.id)).length,
    knownSystems: (await listKnownSystems(db, competition.id)).length,
    last: last && runOf(last),
    pairs: await listPairs(db, competition.id),
  } satisfies EvidenceState);
}

function runOf({ state, failure, finishedAt, teams, knownSystems }: TeamComparison): ComparisonRun {
  if (state === 'failed') return { state, failure: failure ?? 'internal' };
  if (state !== 'done') return { state };
  return { state, finishedAt: finishedAt!.toISOString(), teams: teams ?? 0, knownSystems: knownSystems ?? 0 };
}

/** Where both make mistakes that nobody else makes, word by word. */
export async function readExamples(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  const { first, second } = parseQuery(call.query, pairQuery);
  const examples = await getExamples(call.db, competition.id, [first, second]);
  return Response.json({
    items: examples.map(({ label, texts: [a, b], ...example }) => {
      const words = normalise(label);
      return { ...example, steps: [stepsOf(words, normalise(a)), stepsOf(words, normalise(b))] };
    }),
  } satisfies PairExamples);
}

export async function startComparison(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  await requestComparison(call.db, competition.id, user.id);
  return new Response(null, { status: 204 });
}

export async function noteEvidence(call: DeskCall): Promise<Response> {
  const { competition, user } = await requireLabelReader(call);
  const { first, second, note } = parseValue('body', await readJson(call.request), noteBody);
  const act = { actorId: user.id, reason: reasonOf({ reason: note }) };
  await notePair(call.db, competition.id, [first, second], act);
  return new Response(null, { status: 204 });
}
