import fc from 'fast-check';
import { apiRoot, routes, routesAt } from '#lib/api/routes.ts';
import { checkAnswer } from '../api-answers.ts';
import { anAsk, type Known } from './asks.ts';
import { type Ask, describeAsk, type Heard, send } from './send.ts';

/** What came of it: how often each status was answered by each route, and the first thing that was wrong, made small. */
export type Outcome = { asked: number; statuses: Map<string, number>; failure: string | null; slowestMs: number };

const atOnce = 8;

/** Asks in rounds of eight at once until `isOver`; the same seed makes the same requests. */
export async function drive(
  origin: string,
  known: Known,
  { seed, isOver }: { seed: number; isOver(asked: number): boolean },
): Promise<Outcome> {
  const outcome: Outcome = { asked: 0, statuses: new Map(), failure: null, slowestMs: 0 };
  // Without it the first of every list comes most often: one route, one token, one language.
  const rounds = fc.noBias(fc.array(anAsk(known), { minLength: atOnce, maxLength: atOnce }));
  const property = fc.asyncProperty(rounds, async (asks) => {
    const heard = await Promise.all(asks.map((ask) => hear(origin, ask)));
    for (const [i, answer] of heard.entries()) note(outcome, asks[i]!, answer);
  });
  for (let round = 0; !isOver(outcome.asked) && outcome.failure === null; round += 1) {
    const checked = await fc.check(property, { seed: seed + round, numRuns: 20 });
    if (!checked.failed) continue;
    outcome.failure = `seed ${seed + round}: ${(checked.counterexample?.[0] ?? []).map(describeAsk).join('\n')}\n${checked.errorInstance}`;
  }
  return outcome;
}

async function hear(origin: string, ask: Ask): Promise<Heard> {
  const answer = await send(origin, ask);
  const target = ask.target.split('?')[0]!;
  if (answer.status >= 500)
    throw new Error(`${answer.status} to ${describeAsk(ask)}: ${Buffer.from(answer.body).toString()}`);
  checkAnswer(ask.method, `${origin}${target}`, answer);
  return answer;
}

function note(outcome: Outcome, { method, target }: Ask, { status, milliseconds }: Heard): void {
  const path = target.split('?')[0]!.slice(apiRoot.length);
  const meant = method === 'POST' ? 'POST' : 'GET';
  const name = routesAt(path).find((known) => routes[known].method === meant) ?? 'nothing there';
  const key = `${name} ${method === 'GET' || method === 'POST' ? '' : 'other '}${status}`;
  outcome.asked += 1;
  outcome.statuses.set(key, (outcome.statuses.get(key) ?? 0) + 1);
  outcome.slowestMs = Math.max(outcome.slowestMs, milliseconds);
}
