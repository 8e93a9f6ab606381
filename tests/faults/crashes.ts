import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { createRandom, drawBelow, type RandomSource } from '#scoring/statistics/random.ts';
import { findViolations, type Violation } from '../invariants.ts';
import { type Account, aCrowd, attempts, type Crowd, handIn } from './clients.ts';
import { type KillKind, killKinds, type Product, startProduct } from './product.ts';

/*
 * The crash marathon: clients hand in while something is killed at a random moment; then everything that has to hold is checked.
 * Each round has a competition of its own on the same installation, which is never cleaned up in between.
 */

export type Fault = KillKind | 'restart' | 'full disk';

export type Round = {
  fault: Fault;
  /** From the first upload on. */
  atSeconds: number;
  account: Account;
  /** From the fault until web and database accept again, and until all that had been received before it was scored. */
  acceptsAfter: number;
  scoredAfter: number;
  violations: Violation[];
  /** Teams whose files that count are not exactly the attempts they had. */
  oddTeams: number;
};

/** Uploads of a round are spread over so much. */
const busySeconds = 3;
/** Nothing may take longer; the bounds of the report are far below. */
const patienceMs = 300_000;

/** `kills` kinds, equally often, in an order of chance. */
export function drawKinds(kills: number, random: RandomSource): KillKind[] {
  const kinds = Array.from({ length: kills }, (_, i) => killKinds[i % killKinds.length]!);
  for (let i = kinds.length - 1; i > 0; i -= 1) {
    const j = drawBelow(random, i + 1);
    [kinds[i], kinds[j]] = [kinds[j]!, kinds[i]!];
  }
  return kinds;
}

type Options = { seed: number; clients?: number; tell?(round: Round): void };

/** Runs the rounds one after another, and tells each when it is through. */
export async function crashMarathon(
  faults: readonly (KillKind | 'restart')[],
  { seed, clients = 40, tell = () => {} }: Options,
): Promise<Round[]> {
  const product = await startProduct();
  try {
    const rounds: Round[] = [];
    const random = createRandom(seed);
    for (const fault of faults) {
      const act = async () => (fault === 'restart' ? product.restartDatabase() : product.kill(fault));
      rounds.push(await runRound(product, { fault, act, clients }, random));
      tell(rounds.at(-1)!);
    }
    return rounds;
  } finally {
    await product.stop();
  }
}

type Plan = { fault: Fault; act(): Promise<void>; clients: number };

/** So many clients, and `act` at a random moment while they are busy. */
export async function runRound(product: Product, { fault, act, clients }: Plan, random: RandomSource): Promise<Round> {
  await waitUntil(() => product.accepts());
  const crowd = await aCrowd(product.owner, product.url, clients);
  const atSeconds = drawBelow(random, busySeconds * 1000) / 1000;
  const handedIn = handIn(crowd, busySeconds, random);
  await sleep(atSeconds * 1000);
  const faultAt = new Date();
  const acted = act();
  const acceptsAfter = secondsUntil(faultAt, () => product.accepts());
  const scoredAfter = secondsUntil(faultAt, () => isScoredUpTo(product, crowd, faultAt));
  const [account, accepted, scored] = await Promise.all([handedIn, acceptsAfter, scoredAfter, acted]);
  await waitUntil(() => isScoredUpTo(product, crowd, new Date()));
  return {
    fault,
    atSeconds,
    account,
    acceptsAfter: accepted,
    scoredAfter: scored,
    violations: await findViolations(product.owner, crowd.competition, account.acknowledged),
    oddTeams: await countOddTeams(product, crowd),
  };
}

async function isScoredUpTo({ owner }: Product, { competition }: Crowd, instant: Date): Promise<boolean> {
  const { rows } = await owner.execute<{ left: number }>(sql`
    select count(*)::integer as left from submissions where competition_id = ${competition.id}
      and state in ('queued', 'scoring') and received_at <= ${instant.toISOString()}`);
  return rows[0]?.left === 0;
}

async function countOddTeams({ owner }: Product, { competition }: Crowd): Promise<number> {
  const { rows } = await owner.execute<{ odd: number }>(sql`
    select count(*)::integer as odd from teams t where t.competition_id = ${competition.id} and ${attempts} <> (
      select count(*) from submissions s where s.team_id = t.id and s.quota_day is not null)`);
  return rows[0]?.odd ?? 0;
}

async function secondsUntil(since: Date, holds: () => Promise<boolean>): Promise<number> {
  // What was killed a moment ago may still answer what it was asked before.
  await sleep(20);
  await waitUntil(holds);
  return (Date.now() - since.getTime()) / 1000;
}

/** The database may be away: who asks then asks again. */
async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`nothing came of it in ${patienceMs / 1000} s`);
    await sleep(50);
  }
}
