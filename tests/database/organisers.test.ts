import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { pinBaseline } from '#lib/db/baseline.ts';
import { hasSubmissions } from '#lib/db/competitions.ts';
import { createImport, listImports } from '#lib/db/imports.ts';
import {
  countPeople,
  findBaseline,
  getDatabaseBytes,
  getQueueOverview,
  listArrivals,
  listWorkers,
} from '#lib/db/overview.ts';
import { listFailures } from '#lib/db/retries.ts';
import { events } from '#lib/db/schema.ts';
import { claimSubmission, recordFailure } from '#lib/db/scoring.ts';
import { createSubmission, recordRejected } from '#lib/db/submissions.ts';
import { listTeams } from '#lib/db/team-administration.ts';
import { recordHeartbeat } from '#lib/db/workers.ts';
import { aCompetition, anUpload, aTeam, aTestSplit, aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

const aContest = async () => aTestSplit(db.owner, await aCompetition(db.owner));

describe('an import that is asked for on the page', () => {
  test('becomes a row and a job in one', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aUser(db.owner);
    const wanted = { competitionId: competition.id, path: '/srv/speech/golos', options: { speakerKey: 'speaker' } };
    const created = await createImport(db.web, wanted, user.id);
    const jobs = await db.owner.execute(sql`select from pgboss.job where data->>'id' = ${created.id}`);
    expect(jobs.rowCount).toBe(1);
    expect(await listImports(db.web, competition.id)).toMatchObject([
      { id: created.id, state: 'queued', path: wanted.path, options: wanted.options, seconds: null },
    ]);
    const logged = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
    expect(logged).toMatchObject([{ kind: 'import-requested', actorId: user.id }]);
  });

  test('waits for the one before: of ten at once, one is taken', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aUser(db.owner);
    const wanted = { competitionId: competition.id, path: '/srv/speech/golos', options: {} };
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => createImport(db.web, wanted, user.id)));
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'taken')).sort();
    expect(codes).toEqual([...new Array(9).fill('import-running'), 'taken']);
    await db.owner.execute(sql`update imports set state = 'done' where competition_id = ${competition.id}`);
    await createImport(db.web, wanted, user.id);
  });
});

describe('the overview', () => {
  test('counts each team’s files by what became of them', async () => {
    const competition = await aContest();
    const { team, people } = await aTeam(db.owner, competition, { people: 2, name: 'Шёпот' });
    const author = people[0]!;
    await createSubmission(db.web, anUpload(competition, author));
    await createSubmission(db.web, anUpload(competition, author));
    const problems = [{ line: 2, column: 1, code: 'id-unknown', values: { id: 'x' } }];
    await recordRejected(db.web, anUpload(competition, author), { problems, count: 1 });
    await aTeam(db.owner, competition, { kind: 'baseline' });
    expect(await listTeams(db.web, competition.id)).toEqual([
      {
        id: team.id,
        name: 'Шёпот',
        members: people.map(({ name }) => name),
        isGuest: false,
        isDemo: false,
        adjustments: 0,
        accepted: 2,
        rejected: 1,
        failed: 0,
        lastAt: expect.any(Date),
      },
    ]);
    expect(await countPeople(db.web, competition.id)).toEqual({ accepted: 2, inTeams: 2 });
  });

  test('tells what waits here and in all, and since when', async () => {
    const competition = await aContest();
    expect(await getQueueOverview(db.web, competition.id, new Date())).toMatchObject({
      waiting: 0,
      oldestSeconds: null,
    });
    expect(await hasSubmissions(db.web, competition.id)).toBe(false);
    const { people } = await aTeam(db.owner, competition);
    const receivedAt = new Date(Date.now() - 90_000);
    await createSubmission(db.web, anUpload(competition, people[0]!, { receivedAt }));
    const queue = await getQueueOverview(db.web, competition.id, new Date());
    expect(queue.waiting).toBe(1);
    expect(queue.waitingEverywhere).toBeGreaterThanOrEqual(1);
    expect(queue.oldestSeconds).toBeGreaterThanOrEqual(89);
    expect(await hasSubmissions(db.web, competition.id)).toBe(true);
  });

  test('counts what arrived in each minute of the last hour', async () => {
    const competition = await aContest();
    const { people } = await aTeam(db.owner, competition);
    const minutesAgo = (minutes: number) => ({ receivedAt: new Date(Date.now() - minutes * 60_000) });
    for (const minutes of [0.5, 10.5, 10.5, 61]) {
      await createSubmission(db.web, anUpload(competition, people[0]!, minutesAgo(minutes)));
    }
    const problems = [{ line: 2, column: 1, code: 'id-unknown', values: { id: 'x' } }];
    await recordRejected(db.web, anUpload(competition, people[0]!, minutesAgo(59.5)), { problems, count: 1 });
    const arrivals = await listArrivals(db.web, competition.id, new Date());
    expect(arrivals).toHaveLength(60);
    const some = arrivals.flatMap((minute, i) => (minute.taken + minute.rejected > 0 ? [{ i, ...minute }] : []));
    expect(some).toEqual([
      { i: 0, taken: 0, rejected: 1 },
      { i: 49, taken: 2, rejected: 0 },
      { i: 59, taken: 1, rejected: 0 },
    ]);
  });

  test('names every failure with its reason', async () => {
    const competition = await aContest();
    const { people } = await aTeam(db.owner, competition, { name: 'Эхо' });
    const { submission } = await createSubmission(db.web, anUpload(competition, people[0]!));
    await db.owner.execute(sql`
      update submissions set state = 'failed', failure = 'internal', finished_at = rostrum_now()
      where id <> ${submission.id} and state in ('queued', 'scoring')`);
    const claim = await claimSubmission(db.scorer, 30);
    await recordFailure(db.scorer, claim!, 'unreadable');
    expect(await listFailures(db.web, competition.id, 10)).toMatchObject({
      total: 1,
      retriable: 1,
      shown: [{ id: submission.id, team: 'Эхо', fileName: 'predictions.csv', reason: 'unreadable' }],
    });
  });

  test('tells what the database takes', async () => {
    expect(await getDatabaseBytes(db.web)).toBeGreaterThan(1_000_000);
  });

  test('tells how long ago each worker was heard of', async () => {
    const id = '00000000-0000-4000-8000-000000000042';
    await recordHeartbeat(db.scorer, { id, process: 'host:1', deskUrl: null, disk: { freeBytes: 5e12, bytes: 9e12 } });
    await db.owner.execute(sql`update workers set seen_at = clock_timestamp() - interval '20 s' where id = ${id}`);
    const [worker] = await listWorkers(db.web);
    expect(worker).toMatchObject({
      process: 'host:1',
      startedAt: expect.any(Date),
      disk: { freeBytes: 5e12, bytes: 9e12 },
    });
    expect(worker!.seenSecondsAgo).toBeGreaterThanOrEqual(20);
  });

  test('shows the baseline’s file for each split that was pinned last', async () => {
    const competition = await aContest();
    expect(await findBaseline(db.web, competition.id, 'test')).toBeNull();
    const file = (name: string) => ({
      ...anUpload(competition, { id: '' }),
      name: 'Базовое решение',
      fileName: name,
      note: 'greedy',
    });
    await pinBaseline(db.web, competition.id, file('first.csv'), { actorId: null });
    await pinBaseline(db.web, competition.id, file('second.csv'), { actorId: null });
    await pinBaseline(db.web, competition.id, { ...file('open.csv'), split: 'dev' }, { actorId: null });
    expect(await findBaseline(db.web, competition.id, 'dev')).toMatchObject({ fileName: 'open.csv' });
    expect(await findBaseline(db.web, competition.id, 'test')).toMatchObject({
      name: 'Базовое решение',
      fileName: 'second.csv',
      note: 'greedy',
      state: 'queued',
    });
  });
});
