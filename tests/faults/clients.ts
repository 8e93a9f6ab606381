import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceiptAnswer } from '#lib/api/answers.ts';
import type { Competition } from '#lib/competition.ts';
import type { Database } from '#lib/db/client.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { drawBelow, type RandomSource } from '#scoring/statistics/random.ts';
import { clientEnvironment } from '../../bin/client/environment.mjs';
import { RefusedByServerError, UnreachableError } from '../../bin/client/refusals.ts';
import { patienceMs } from '../../bin/client/retries.ts';
import { connect, type Server } from '../../bin/client/server.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, tenUtterances } from '../builders.ts';
import type { Acknowledged } from '../invariants.ts';

/*
 * People who hand in, over the client that teams have: it tries again by the same Idempotency-Key where a connection breaks or the server
 * says "not now", and gives up after its own patience. Two of each team send at the same time, twice as much as their attempts allow.
 */

export const attempts = 5;

/** `unanswered` are files of which nobody knows, although they were asked about to the end; `broken` are answers that never came. */
export type Account = {
  acknowledged: Acknowledged[];
  outOfAttempts: number;
  broken: number;
  diskFull: number;
  unanswered: string[];
  /** Answers that no client can do anything about. */
  wrong: string[];
};

export type Crowd = { competition: Competition; people: Server[] };

/** A competition of its own, so that every round can be checked whole, with two people in each team. */
export async function aCrowd(owner: Database, url: string, clients: number): Promise<Crowd> {
  const competition = await aTestSplit(owner, await aCompetition(owner, { dailyQuota: attempts }));
  const people: Server[] = [];
  for (let i = 0; i < clients / 2; i += 1) {
    const team = await aTeam(owner, competition, { people: 2 });
    for (const { id } of team.people) {
      const token = await createApiToken(owner, id, { name: 'faults', scopes: ['submit'], days: null });
      people.push(connect({ address: url, token, language: 'en' }, clientEnvironment()));
    }
  }
  return { competition, people };
}

/** All hand in, each so many files as the team has attempts, within about `seconds`. Resolves when everybody has an answer. */
export async function handIn(crowd: Crowd, seconds: number, random: RandomSource): Promise<Account> {
  const account: Account = {
    ...{ acknowledged: [], outOfAttempts: 0, broken: 0, diskFull: 0 },
    ...{ unanswered: [], wrong: [] },
  };
  const plans = crowd.people.map((server) => ({
    server,
    pausesMs: Array.from({ length: attempts }, () => drawBelow(random, Math.ceil((2000 * seconds) / attempts))),
  }));
  await Promise.all(
    plans.map(async ({ server, pausesMs }) => {
      server.patience = patienceMs.work;
      server.onWaiting = () => {
        account.broken += 1;
      };
      for (const pauseMs of pausesMs) {
        await sleep(pauseMs);
        await handInOne(crowd.competition, server, account);
      }
      server.close();
    }),
  );
  return account;
}

/** One file, until it is known what became of it: a patience that ran out says nothing, and the same key is asked about again. */
async function handInOne({ slug }: Competition, server: Server, account: Account): Promise<void> {
  const bytes = aPredictionsFile(tenUtterances, 3);
  const key = randomUUID();
  const headers = {
    'Content-Type': 'text/csv',
    'Content-Digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
    'Idempotency-Key': key,
  };
  const sentAt = new Date();
  for (let patience = 0; patience < patiences; patience += 1) {
    try {
      const path = `/competitions/${slug}/submissions?split=test&file=faults.csv`;
      const receipt = await server.json<ReceiptAnswer>(path, { method: 'POST', headers, body: bytes });
      account.acknowledged.push({ receipt, sentAt, answeredAt: new Date() });
      return;
    } catch (error) {
      if (error instanceof RefusedByServerError && error.problem.code === 'quota') {
        account.outOfAttempts += 1;
        return;
      }
      if (error instanceof RefusedByServerError && error.problem.code === 'disk-full') {
        account.diskFull += 1;
        await sleep(500);
        // A person who reads that the disk is full tries again later.
        patience -= 1;
      } else if (!isPassing(error)) {
        account.wrong.push(String(error));
        return;
      }
    }
  }
  account.unanswered.push(key);
}

const patiences = 3;

function isPassing(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof RefusedByServerError && error.problem.status === 503);
}
