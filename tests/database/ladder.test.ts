import { createHash, randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { boardCsv, readSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { createSnapshot, getBoard } from '#lib/db/boards.ts';
import { competitionDefaults, createCompetition, updateCompetition } from '#lib/db/competitions.ts';
import { findLadderThreshold } from '#lib/db/ladder.ts';
import { publishScores } from '#lib/db/publishing.ts';
import { competitions, publishedScores, submissions, utteranceErrors } from '#lib/db/schema.ts';
import { listUnmeasured, republishScores } from '#lib/db/score-records.ts';
import { getSubmissionFor, listSubmissionsOf } from '#lib/db/submission-views.ts';
import type { SubmissionRow } from '#lib/db/submissions.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { createMeasurer } from '#scoring/jobs/measure-unmeasured.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, hoursFromNow, type TestUtterance } from '../builders.ts';
import { type Contest, scoreAll, send, withoutThreads } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

/** Of five words each, the first forty on the public fold: 200 words, of which forty better are significant and twenty are not. */
const sixty: readonly TestUtterance[] = Array.from({ length: 60 }, (_, i) => ({
  id: `u${i + 1}`,
  reference: `раз два три четыре ${['пять', 'шесть', 'семь'][i % 3]}`,
  fold: i < 40 ? 'public' : 'private',
}));

/** A competition whose baseline gets half of the words wrong, and a team. */
async function aLadder(baseline: number | null = 100, policy: 'ladder' | 'open' = 'ladder'): Promise<Contest> {
  const given = { policy, dailyQuota: 100, publishedAt: null, submissionsStartAt: hoursFromNow(-10) };
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner, given), sixty);
  if (baseline !== null) {
    await pin(competition, baseline);
    await scoreAll(db);
    await updateCompetition(db.web, competition.id, { publishedAt: hoursFromNow(-9) }, { actorId: null });
  }
  const { team, people } = await aTeam(db.owner, competition);
  return { competition, team, author: people[0]! };
}

async function pin(competition: Competition, wrong: number): Promise<void> {
  const bytes = aPredictionsFile(sixty, wrong);
  const sha256 = createHash('sha256').update(bytes).digest();
  const about = {
    name: 'Baseline',
    fileName: 'b.csv',
    note: '',
    codeLink: null,
    parsed: { format: 'csv', warnings: [] },
  };
  await pinBaseline(db.web, competition.id, { ...about, split: 'test', bytes, sha256 }, { actorId: null });
}

async function submit(contest: Contest, wrong: number, receivedAt = new Date()): Promise<SubmissionRow> {
  return send(db, contest, wrong, { bytes: aPredictionsFile(sixty, wrong), receivedAt });
}

async function submitScored(contest: Contest, ...wrong: number[]): Promise<SubmissionRow[]> {
  const rows = [];
  for (const each of wrong) {
    rows.push(await submit(contest, each));
    await scoreAll(db);
  }
  return rows;
}

/** Of each of the team's files, the first first, its rate and what the ladder says. */
async function shownOf({ team }: Contest): Promise<[number | null, string | null][]> {
  const views = await listSubmissionsOf(db.web, team.id);
  return views.reverse().map(({ status }) => {
    if (status.state !== 'scored') throw new Error(status.state);
    return [status.test && status.test.werPermille / 1000, status.verdict];
  });
}

const snapshotOf = async ({ competition }: Contest) => readSnapshot((await getBoard(db.web, competition)).body);
const rowOf = async (contest: Contest) =>
  (await snapshotOf(contest)).rows.find((row) => row.teamId === contest.team.id);

describe('the ladder', () => {
  test('shows a number only for a significant improvement over the best so far, and first over the baseline', async () => {
    const contest = await aLadder();
    await submitScored(contest, 80);
    expect(await rowOf(contest)).toMatchObject({ rank: null, wer: null, interval: null, entries: 1, history: [] });
    await submitScored(contest, 60, 40, 180, 20);
    expect(await shownOf(contest)).toEqual([
      [null, 'no-improvement'],
      [0.3, 'improvement'],
      [null, 'no-improvement'],
      [null, 'no-improvement'],
      [0.1, 'improvement'],
    ]);
    expect(await rowOf(contest)).toMatchObject({ rank: 1, wer: 0.1, entries: 5 });
    expect((await rowOf(contest))?.history.map(([, wer]) => wer)).toEqual([0.3, 0.1]);
  });

  test('is climbed in the order of arrival, in whichever order files are scored', async () => {
    const contest = await aLadder();
    await submit(contest, 60, hoursFromNow(-1));
    await scoreAll(db);
    expect(await shownOf(contest)).toEqual([[0.3, 'improvement']]);
    await submit(contest, 50, hoursFromNow(-2));
    await scoreAll(db);
    expect(await shownOf(contest)).toEqual([
      [null, 'no-improvement'],
      [0.25, 'improvement'],
    ]);
    expect(await rowOf(contest)).toMatchObject({ wer: 0.25 });
  });

  test('begins anew for every team when the baseline is replaced, and states another threshold', async () => {
    const contest = await aLadder();
    const { people, team } = await aTeam(db.owner, contest.competition);
    const other = { ...contest, author: people[0]!, team };
    await submitScored(contest, 60);
    await submitScored(other, 20);
    const before = await findLadderThreshold(db.web, contest.competition);
    expect(before).toBeGreaterThan(50);
    await pin(contest.competition, 62);
    await scoreAll(db);
    expect([await shownOf(contest), await shownOf(other)]).toEqual([
      [[null, 'no-improvement']],
      [[0.1, 'improvement']],
    ]);
    expect(await rowOf(contest)).toMatchObject({ rank: null, wer: null });
    expect(await findLadderThreshold(db.web, contest.competition)).not.toBe(before);
  });

  test('leaves out a file that was voided, and shows no number for it', async () => {
    const contest = await aLadder();
    const [voided] = await submitScored(contest, 40, 60);
    await db.owner.update(submissions).set({ voidedAt: new Date() }).where(eq(submissions.id, voided!.id));
    await republish(contest);
    expect(await shownOf(contest)).toEqual([
      [null, null],
      [0.3, 'improvement'],
    ]);
    await db.owner.update(submissions).set({ voidedAt: null }).where(eq(submissions.id, voided!.id));
    await republish(contest);
    expect(await shownOf(contest)).toEqual([
      [0.2, 'improvement'],
      [null, 'no-improvement'],
    ]);
  });

  test('changes nothing when it is climbed again', async () => {
    const contest = await aLadder();
    await submitScored(contest, 80, 60);
    const before = await rowsOf(contest);
    await db.scorer.transaction((tx) => publishScores(tx, contest.competition.id));
    expect(await rowsOf(contest)).toEqual(before);
  });
});

describe('a file that does not climb', () => {
  /** All that anybody is told, but for ids and instants. */
  const told = async (policy: 'ladder' | 'open', wrong: number) => {
    const contest = await aLadder(100, policy);
    const [, , file] = await submitScored(contest, 60, 55, wrong);
    const board = await snapshotOf(contest);
    const view = await getSubmissionFor(db.web, file!.id, contest.author);
    const rows = await rowsOf(contest);
    const rest = [boardCsv(board), JSON.stringify(board), JSON.stringify(view), JSON.stringify(rows)].join('\n');
    return rest
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}/g, 'id')
      .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+00)/g, 'instant')
      .replaceAll(/"seed":\d+|"bytes":\d+|Team \w+|c-id/g, '');
  };

  test('tells nothing of how good it is: not the team, the board, its table or its events', async () => {
    expect(await told('ladder', 70)).toBe(await told('ladder', 45));
  });

  test('(control) is told apart where every score is shown', async () => {
    expect(await told('open', 70)).not.toBe(await told('open', 45));
  });
});

describe('a competition with a ladder', () => {
  test('is not published before its baseline is scored', async () => {
    const { competition } = await aLadder(null);
    const publish = () => updateCompetition(db.web, competition.id, { publishedAt: new Date() }, { actorId: null });
    const refused = { code: 'ladder-without-baseline', status: 409 };
    await expect(publish()).rejects.toMatchObject(refused);
    await pin(competition, 100);
    await expect(publish()).rejects.toMatchObject(refused);
    await scoreAll(db);
    expect(await publish()).toMatchObject({ policy: 'ladder' });
  });

  test('is not made of a published one, nor made as one, without a baseline', async () => {
    const refused = { code: 'ladder-without-baseline' };
    const published = await aCompetition(db.owner);
    const change = updateCompetition(db.web, published.id, { policy: 'ladder' }, { actorId: null });
    await expect(change).rejects.toMatchObject(refused);
    const now = new Date();
    const given = competitionDefaults(`c-${randomUUID()}`, { policy: 'ladder', publishedAt: now }, now);
    await expect(createCompetition(db.owner, given, { actorId: null })).rejects.toMatchObject(refused);
  });

  test('shows every number again once its policy is open', async () => {
    const contest = await aLadder();
    await submitScored(contest, 80, 60);
    await db.owner.update(competitions).set({ policy: 'open' }).where(eq(competitions.id, contest.competition.id));
    await republish(contest);
    expect(await shownOf(contest)).toEqual([
      [0.4, null],
      [0.3, null],
    ]);
    expect(await findLadderThreshold(db.web, { ...contest.competition, policy: 'open' })).toBeNull();
  });
});

describe('a score from before every utterance was kept', () => {
  test('waits on a ladder, and shows the same again after it is counted anew', async () => {
    const contest = await aLadder();
    const { people, team } = await aTeam(db.owner, contest.competition);
    await submitScored(contest, 80, 60);
    await submitScored({ ...contest, author: people[0]!, team }, 55);
    const before = await snapshotOf(contest);
    expect(before.ties).toMatchObject({ method: 'all-pairs', units: 40, resamples: 2000 });
    await db.owner.execute(sql`
      delete from ${utteranceErrors} where submission_id in (
        select id from submissions where competition_id = ${contest.competition.id})`);
    await db.scorer.transaction(async (tx) => {
      await publishScores(tx, contest.competition.id);
      await createSnapshot(tx, contest.competition.id, findTies);
    });
    expect(await shownOf(contest)).toEqual([
      [null, 'waiting'],
      [null, 'waiting'],
    ]);
    expect((await snapshotOf(contest)).ties).toBeNull();

    await createMeasurer(db.scorer, withoutThreads)();
    expect(await listUnmeasured(db.scorer, 1)).toEqual([]);
    expect(await snapshotOf(contest)).toMatchObject({ ties: before.ties, rows: before.rows });
  });
});

function republish({ competition }: Contest): Promise<void> {
  return db.scorer.transaction((tx) => republishScores(tx, competition.id, findTies));
}

async function rowsOf({ competition }: Contest) {
  const { rows } = await db.owner.execute(sql`
    select p.* from ${publishedScores} p join submissions s on s.id = p.submission_id
    where s.competition_id = ${competition.id} order by s.sequence`);
  return rows;
}
