import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import { failureSentence } from '#lib/failure-sentence.ts';
import { log } from '#lib/log.ts';
import { translator } from '#lib/messages/translate.ts';
import type { Split } from '#scoring/references.ts';
import { type ScoreRequest, type Scorer, startScorer } from '#scoring/score-in-thread.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, type TestUtterance } from '../builders.ts';
import { type Contest, scoreNext, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { eventually } from '../workers.ts';

let db: TestDatabase;
const scorers: Scorer[] = [];
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});
afterEach(async () => {
  await Promise.all(scorers.splice(0).map((scorer) => scorer.close()));
});

const generous = { threads: 2, deadlineMs: 60_000, heapMegabytes: 512, keptCharacters: 1_000_000 };
const short: readonly TestUtterance[] = [{ id: 'u1', reference: 'раз два три', fold: 'public' }];
const sent = Buffer.from('id,text\nu1,раз три\n');

const utterance = { id: 'u1', references: ['раз два три'], unit: 'a', fold: 'public' } as const;
const split: Split = { profile: 'raw', mapping: null, utterances: [utterance] };
const unaborted = () => new AbortController().signal;

/** Threads that have answered already: what they are given from here on is work alone. */
async function aScorer(limits: Partial<typeof generous> = {}): Promise<Scorer> {
  const scorer = startScorer({ ...generous, ...limits });
  scorers.push(scorer);
  await eventually(20, async () => {
    const both = [aRequest(), aRequest()].map((request) => scorer.score(request, unaborted()));
    return (await Promise.allSettled(both)).every(({ status }) => status === 'fulfilled');
  });
  return scorer;
}

function aRequest(given: Partial<ScoreRequest> = {}): ScoreRequest {
  return { key: null, sent, split: 'test', format: undefined, references: async () => split, ...given };
}

async function aContestOver(utterances: readonly TestUtterance[]): Promise<Contest> {
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner), utterances);
  const { team, people } = await aTeam(db.owner, competition);
  return { competition, team, author: people[0]! };
}

/** Words without any order, the same in every run. */
function babble(length: number, seed: number): string {
  let state = seed;
  const word = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return `w${(state >>> 16) % 1000}`;
  };
  return Array.from({ length }, word).join(' ');
}

async function statusOf({ team }: Contest) {
  const [view] = await listSubmissionsOf(db.web, team.id);
  return { charged: view?.charged, ...view?.status };
}

const refunded = { charged: false, state: 'failed', reason: 'limits' };

describe('a file that takes too long', () => {
  const saying = (seed: number): TestUtterance[] =>
    ['u1', 'u2'].map((id) => ({ id, reference: babble(60_000, seed), fold: 'public' }));
  const spoken = saying(1);
  const bytes = aPredictionsFile(saying(2));

  test('fails at once as the platform’s fault, its attempt is given back, and another is scored meanwhile', async () => {
    const scorer = await aScorer({ deadlineMs: 1000 });
    const [long, other] = [await aContestOver(spoken), await aContestOver(short)];
    await send(db, long, 0, { bytes });
    await send(db, other, 0, { bytes: sent });
    const order: string[] = [];
    const next = () => scoreNext(db.scorer, scorer);
    await Promise.all([
      next().then(() => order.push('long')),
      sleep(50)
        .then(next)
        .then(() => order.push('other')),
    ]);
    expect(order).toEqual(['other', 'long']);
    expect(await statusOf(other)).toMatchObject({ charged: true, state: 'scored' });
    expect(await statusOf(long)).toMatchObject(refunded);
    for (const locale of ['ru', 'en'] as const) {
      const sentence = failureSentence('limits', translator(locale));
      expect(sentence).not.toBe('limits');
      expect(sentence).not.toMatch(/\d|слов|длин|word|length|long/);
    }
    expect(await next()).toBe(false);
  }, 30_000);

  test('(control) is scored where there is time', async () => {
    const long = await aContestOver(spoken);
    await send(db, long, 0, { bytes });
    await scoreNext(db.scorer, await aScorer());
    expect(await statusOf(long)).toMatchObject({ charged: true, state: 'scored' });
  }, 60_000);
});

describe('a thread that runs out of memory', () => {
  const text = 'раз два три четыре пять шесть семь восемь девять десять '.repeat(100);
  const many = Array.from({ length: 2000 }, (_, i) => ({ id: `u${i}`, reference: text, fold: 'public' as const }));
  const bytes = aPredictionsFile(many.map(({ id, fold }) => ({ id, fold, reference: 'раз' })));

  test('costs its file the score but not the attempt, and is replaced', async () => {
    const scorer = await aScorer({ threads: 1, heapMegabytes: 16 });
    const contest = await aContestOver(many);
    await send(db, contest, 0, { bytes });
    await scoreNext(db.scorer, scorer);
    expect(await statusOf(contest)).toMatchObject(refunded);
    expect(await scorer.score(aRequest(), unaborted())).toMatchObject({ ok: true });
  }, 30_000);

  test('(control) does not where there is enough', async () => {
    const contest = await aContestOver(many);
    await send(db, contest, 0, { bytes });
    await scoreNext(db.scorer, await aScorer());
    expect(await statusOf(contest)).toMatchObject({ charged: true, state: 'scored' });
  }, 30_000);
});

describe('a thread that ends in the middle is replaced', () => {
  test('where the claim was lost', async () => {
    const scorer = await aScorer({ threads: 1 });
    const lost = new AbortController();
    const text = babble(30_000, 1);
    const references = async (): Promise<Split> => ({ ...split, utterances: [{ ...utterance, references: [text] }] });
    const ended = scorer.score(
      aRequest({ references, sent: Buffer.from(`id,text\nu1,${babble(30_000, 2)}\n`) }),
      lost.signal,
    );
    setTimeout(() => lost.abort(new Error('no longer ours')), 100);
    await expect(ended).rejects.toThrow('no longer ours');
    expect(await scorer.score(aRequest(), unaborted())).toMatchObject({ ok: true });
  });

  test('where it died of a mistake of ours, which counts as any other failure', async () => {
    const scorer = await aScorer({ threads: 1 });
    const references = async () => ({ ...split, utterances: [{}] }) as unknown as Split;
    const failed = scorer.score(aRequest({ references }), unaborted());
    await expect(failed).rejects.toThrow(TypeError);
    expect(await scorer.score(aRequest(), unaborted())).toMatchObject({ ok: true });
  });
});

test('references that were kept are not sent again, until others needed their place', async () => {
  const scorer = await aScorer({ threads: 1, keptCharacters: 20 });
  const read: string[] = [];
  const scoreUnder = (key: string) => {
    const references = async () => {
      read.push(key);
      return split;
    };
    return scorer.score(aRequest({ key, references }), unaborted());
  };
  for (const key of ['a', 'a', 'b', 'b', 'a']) expect(await scoreUnder(key)).toMatchObject({ ok: true });
  expect(read).toEqual(['a', 'b', 'a']);
});
