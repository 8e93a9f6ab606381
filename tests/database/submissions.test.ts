import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { getArrival } from '#lib/db/arrivals.ts';
import { openDatabase, readClock } from '#lib/db/client.ts';
import { carryQuota, getQuota } from '#lib/db/quota.ts';
import { ruleAcceptances, submissionFiles, submissions, teamMembers } from '#lib/db/schema.ts';
import { recordFailure } from '#lib/db/scoring.ts';
import { getSubmissionFor, listSubmissionsOf } from '#lib/db/submission-views.ts';
import { createSubmission, recordRejected, type Upload } from '#lib/db/submissions.ts';
import { anUpload, aTeam, aUser, hoursFromNow, type TestUser } from '../builders.ts';
import { aContest, claimOf } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { isLong } from '../length.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

const openJobs = async (id: string) =>
  (await db.owner.execute(sql`select from pgboss.job where data->>'id' = ${id}`)).rowCount;

test('an upload that waits for a connection has come when its headers had', async () => {
  const { competition, author } = await aContest(db);
  const alone = openDatabase(db.webUrl, { connections: 1 });
  const before = await readClock(db.owner);
  // The first is what the rest wait for.
  const held = alone.$client.query('select pg_sleep(1)');
  const arrival = getArrival(alone, competition.slug, author);
  const control = readClock(alone);
  await sleep(500);
  const meanwhile = await readClock(db.owner);
  await held;
  const { receivedAt } = await arrival;
  expect(receivedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(receivedAt.getTime()).toBeLessThanOrEqual(meanwhile.getTime());
  expect((await control).getTime()).toBeGreaterThan(meanwhile.getTime());
  await alone.$client.end();
});

describe('an accepted file', () => {
  test('is stored whole with its people, its job and one attempt charged', async () => {
    const { competition, team, author } = await aContest(db);
    const upload = anUpload(competition, author, { note: 'wider beam' });
    const { outcome, submission, quota } = await createSubmission(db.web, upload);
    expect({ outcome, quota }).toMatchObject({ outcome: 'accepted', quota: { used: 1, limit: 5 } });
    const file = await db.owner.select().from(submissionFiles).where(eq(submissionFiles.submissionId, submission.id));
    expect(file[0]?.content.equals(upload.bytes)).toBe(true);
    expect(await openJobs(submission.id)).toBe(1);
    const [view] = await listSubmissionsOf(db.web, team.id);
    expect(view).toMatchObject({
      author: { id: author.id },
      note: 'wider beam',
      charged: true,
      late: false,
      sha256: upload.sha256.toString('hex'),
      status: { state: 'queued', position: expect.any(Number) },
    });
  });

  test('with equal bytes is the earlier one, free of charge', async () => {
    const { competition, author } = await aContest(db);
    const upload = anUpload(competition, author);
    const first = await createSubmission(db.web, upload);
    const second = await createSubmission(db.web, { ...upload, fileName: 'again.csv' });
    expect(second).toMatchObject({ outcome: 'existing', submission: { id: first.submission.id }, quota: { used: 1 } });
  });

  test('of the dev split costs nothing and has no quota', async () => {
    const { competition, team, author } = await aContest(db, { dailyQuota: 1 });
    for (let i = 0; i < 3; i += 1) {
      const receipt = await createSubmission(db.web, anUpload(competition, author, { split: 'dev' }));
      expect(receipt).toMatchObject({ outcome: 'accepted', quota: null });
    }
    expect(await getQuota(db.web, competition, team.id, new Date())).toMatchObject({ used: 0 });
  });
});

describe('an Idempotency-Key', () => {
  test('with the same bytes gives the first answer again, also after the quota is used up', async () => {
    const { competition, author } = await aContest(db, { dailyQuota: 1 });
    const upload = anUpload(competition, author, { idempotencyKey: 'k1' });
    const first = await createSubmission(db.web, upload);
    const again = await createSubmission(db.web, upload);
    expect(again).toMatchObject({ outcome: 'replayed', submission: { id: first.submission.id }, quota: { used: 1 } });
  });

  test('with other bytes, or for another split, is refused', async () => {
    const { competition, author } = await aContest(db);
    const upload = anUpload(competition, author, { idempotencyKey: 'k2' });
    await createSubmission(db.web, upload);
    const others: Partial<Upload>[] = [{ ...anUpload(competition, author) }, { split: 'dev' }];
    for (const other of others) {
      await expect(createSubmission(db.web, { ...upload, ...other, idempotencyKey: 'k2' })).rejects.toMatchObject({
        code: 'idempotency-mismatch',
        status: 409,
      });
    }
  });
});

test.each([
  ['its Idempotency-Key', 'k3'],
  ['its bytes', null],
])('a file that is sent a hundred times at once is one submission, by %s', async (_, idempotencyKey) => {
  const { competition, team, author } = await aContest(db);
  const upload = anUpload(competition, author, { idempotencyKey });
  await openConnections();
  const receipts = await Promise.all(Array.from({ length: 100 }, () => createSubmission(db.web, upload)));
  expect(new Set(receipts.map((receipt) => receipt.submission.id)).size).toBe(1);
  expect(receipts.filter((receipt) => receipt.outcome === 'accepted')).toHaveLength(1);
  expect(await getQuota(db.web, competition, team.id, new Date())).toMatchObject({ used: 1 });
});

/** All that the pool may have: what waits for one to be opened begins when the first is through, and meets nobody. */
async function openConnections(): Promise<void> {
  const { max } = db.web.$client.options;
  await Promise.all(Array.from({ length: max }, () => db.web.execute(sql`select pg_sleep(0.1)`)));
}

describe('who and when', () => {
  test('without a team, without accepted rules or by somebody taken out of the team, nothing is stored', async () => {
    const { competition, team, author } = await aContest(db);
    const stranger = await aUser(db.owner);
    await expect(createSubmission(db.web, anUpload(competition, stranger))).rejects.toMatchObject({ code: 'team' });
    await db.owner.delete(ruleAcceptances).where(eq(ruleAcceptances.userId, author.id));
    await expect(createSubmission(db.web, anUpload(competition, author))).rejects.toMatchObject({ code: 'rules' });
    await db.owner.delete(teamMembers).where(eq(teamMembers.userId, author.id));
    await expect(createSubmission(db.web, anUpload(competition, author))).rejects.toMatchObject({ code: 'team' });
    expect(await listSubmissionsOf(db.web, team.id)).toEqual([]);
  });

  test('the window is [start, end) to the millisecond, by the arrival of the headers', async () => {
    const starts = new Date('2026-11-02T09:00:00.000Z');
    const ends = new Date('2026-11-16T20:59:00.000Z');
    const { competition, author } = await aContest(db, { submissionsStartAt: starts, submissionsEndAt: ends });
    const send = (instant: Date, shift: number) =>
      createSubmission(db.web, anUpload(competition, author, { receivedAt: new Date(instant.getTime() + shift) }));
    await expect(send(starts, -1)).rejects.toMatchObject({ code: 'phase', status: 403 });
    expect(await send(starts, 0)).toMatchObject({ submission: { late: false, quotaDay: '2026-11-02' } });
    expect(await send(ends, -1)).toMatchObject({ submission: { late: false, quotaDay: '2026-11-16' } });
    expect(await send(ends, 0)).toMatchObject({ submission: { late: true, quotaDay: null }, quota: null });
  });

  test('a late file waits unscored until the reveal', async () => {
    const { competition, author, team } = await aContest(db, {
      submissionsStartAt: hoursFromNow(-9),
      submissionsEndAt: hoursFromNow(-1),
      revealsAt: hoursFromNow(1),
    });
    const { submission } = await createSubmission(db.web, anUpload(competition, author));
    expect(await openJobs(submission.id)).toBe(0);
    expect(await listSubmissionsOf(db.web, team.id)).toMatchObject([{ late: true, status: { position: null } }]);
    await db.owner.execute(
      sql`update competitions set reveals_at = ${hoursFromNow(-0.5)} where id = ${competition.id}`,
    );
    expect(await listSubmissionsOf(db.web, team.id)).toMatchObject([{ status: { position: expect.any(Number) } }]);
  });

  test('a submission exists for its team and its organisers alone', async () => {
    const { competition, author } = await aContest(db);
    const { people } = await aTeam(db.owner, competition);
    const organiser = await aUser(db.owner);
    await db.owner.execute(sql`insert into competition_roles values (${competition.id}, ${organiser.id}, 'organiser')`);
    const { submission } = await createSubmission(db.web, anUpload(competition, author));
    const see = (viewer: TestUser) => getSubmissionFor(db.web, submission.id, viewer);
    await expect(see(people[0]!)).rejects.toMatchObject({ status: 404 });
    expect(await see(author)).toMatchObject({ id: submission.id });
    expect(await see(organiser)).toMatchObject({ id: submission.id });
    await expect(getSubmissionFor(db.web, 'no-uuid', author)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a rejected file', () => {
  const rejection = { problems: [{ line: 3, column: 1, code: 'id-unknown', values: { id: 'x' } }], count: 1 };

  test('is kept with its problems and costs nothing', async () => {
    const { competition, team, author } = await aContest(db);
    const upload = anUpload(competition, author, { idempotencyKey: 'bad' });
    const first = await recordRejected(db.web, upload, rejection);
    expect(first).toMatchObject({ outcome: 'accepted', submission: { state: 'rejected' }, quota: null });
    expect(await recordRejected(db.web, upload, rejection)).toMatchObject({ outcome: 'replayed' });
    expect(await listSubmissionsOf(db.web, team.id)).toMatchObject([
      { charged: false, status: { state: 'rejected', problems: rejection.problems, problemCount: 1 } },
    ]);
    expect(await getQuota(db.web, competition, team.id, new Date())).toMatchObject({ used: 0 });
  });

  test('is taken thirty times an hour', async () => {
    const { competition, author } = await aContest(db);
    for (let i = 0; i < 30; i += 1) await recordRejected(db.web, anUpload(competition, author), rejection);
    await expect(recordRejected(db.web, anUpload(competition, author), rejection)).rejects.toMatchObject({
      status: 429,
    });
  });
});

describe('the daily quota', () => {
  const limit = 5;
  const rounds = isLong ? 20 : 4;

  /** Sends 200 different files at once and counts the answers. */
  async function storm(send: (upload: Upload) => Promise<unknown>, competition: Competition, author: TestUser) {
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => send(anUpload(competition, author))));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'quota', status: 429 });
    return { accepted: outcomes.length - refused.length };
  }

  test(`of five lets exactly five of two hundred at once through, ${rounds} times over`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { competition, team, author } = await aContest(db, { dailyQuota: limit });
      const { accepted } = await storm((upload) => createSubmission(db.web, upload), competition, author);
      expect(accepted).toBe(limit);
      expect(await getQuota(db.web, competition, team.id, new Date())).toMatchObject({ used: limit });
      expect(await listSubmissionsOf(db.web, team.id)).toHaveLength(limit);
    }
  }, 120_000);

  test('(control) would be overrun by counting first and inserting then', async () => {
    const { competition, team, author } = await aContest(db, { dailyQuota: limit });
    const countThenInsert = (upload: Upload) =>
      db.web.transaction(async (tx) => {
        const made = await tx.select({ id: submissions.id }).from(submissions).where(eq(submissions.teamId, team.id));
        if (made.length >= limit) throw Object.assign(new Error('quota'), { code: 'quota', status: 429 });
        const { split, receivedAt, sha256 } = upload;
        const row = { competitionId: competition.id, teamId: team.id, split, receivedAt, sha256, bytes: 1 };
        await tx.insert(submissions).values({ ...row, state: 'queued' });
      });
    expect((await storm(countThenInsert, competition, author)).accepted).toBeGreaterThan(limit);
  });

  test('is over with an answer that says when the next day of the competition begins', async () => {
    const { competition, author } = await aContest(db, {
      dailyQuota: 1,
      timeZone: 'Asia/Vladivostok',
      submissionsStartAt: new Date('2026-11-01T00:00:00Z'),
    });
    const receivedAt = new Date('2026-11-23T13:59:59.999Z');
    expect(await createSubmission(db.web, anUpload(competition, author, { receivedAt }))).toMatchObject({
      submission: { quotaDay: '2026-11-23' },
      quota: { used: 1, limit: 1, resetsAt: new Date('2026-11-23T14:00:00Z') },
    });
    await expect(createSubmission(db.web, anUpload(competition, author, { receivedAt }))).rejects.toMatchObject({
      code: 'quota',
      headers: { 'Retry-After': '1' },
    });
    const midnight = new Date('2026-11-23T14:00:00Z');
    expect(await createSubmission(db.web, anUpload(competition, author, { receivedAt: midnight }))).toMatchObject({
      submission: { quotaDay: '2026-11-24' },
    });
  });

  test('follows people: who used it up in one team brings that to the next', async () => {
    const { competition, team, author } = await aContest(db, { dailyQuota: 2 });
    await createSubmission(db.web, anUpload(competition, author));
    await createSubmission(db.web, anUpload(competition, author));
    const { team: next, people } = await aTeam(db.owner, competition);
    await createSubmission(db.web, anUpload(competition, people[0]!));
    await move(author, competition, team.id, next.id);
    await expect(createSubmission(db.web, anUpload(competition, people[0]!))).rejects.toMatchObject({ code: 'quota' });
    expect(await getQuota(db.web, competition, next.id, new Date())).toMatchObject({ used: 3, limit: 2 });
  });

  test('is not given back by leaving', async () => {
    const { competition, team, author } = await aContest(db, { dailyQuota: 1 });
    const { team: other } = await aTeam(db.owner, competition);
    await createSubmission(db.web, anUpload(competition, author));
    await move(author, competition, team.id, other.id);
    await move(author, competition, other.id, null);
    expect(await getQuota(db.web, competition, team.id, new Date())).toMatchObject({ used: 1 });
    expect(await getQuota(db.web, competition, other.id, new Date())).toMatchObject({ used: 1 });
  });

  test('gets back what a fault of the platform cost, wherever its people are now', async () => {
    const { competition, team, author } = await aContest(db, { dailyQuota: 1 });
    const { submission } = await createSubmission(db.web, anUpload(competition, author));
    const { team: next } = await aTeam(db.owner, competition);
    await move(author, competition, team.id, next.id);
    const claim = await claimOf(db, submission.id);
    expect(await recordFailure(db.scorer, claim, 'internal')).toBe(true);
    expect(await recordFailure(db.scorer, claim, 'internal')).toBe(false);
    for (const id of [team.id, next.id]) {
      expect(await getQuota(db.web, competition, id, new Date())).toMatchObject({ used: 0 });
    }
    expect(await listSubmissionsOf(db.web, team.id)).toMatchObject([
      { charged: false, status: { state: 'failed', reason: 'internal' } },
    ]);
    const { rows } = await db.owner.execute(
      sql`select details from events where subject = ${submission.id} and kind = 'submission-failed'`,
    );
    expect(rows).toEqual([{ details: { refunded: true } }]);
  });

  async function move(person: TestUser, competition: Competition, from: string, to: string | null) {
    await db.owner.delete(teamMembers).where(eq(teamMembers.userId, person.id));
    if (to === null) return;
    await db.owner.insert(teamMembers).values({ teamId: to, userId: person.id, competitionId: competition.id });
    const { rows } = await db.owner.execute<{ day: string }>(
      sql`select quota_day::text as day from submissions where team_id = ${from} and quota_day is not null limit 1`,
    );
    await carryQuota(db.web, to, rows[0]!.day);
  }
});

test('the web cannot change a submission that it took in', async () => {
  const { competition, author } = await aContest(db);
  const { submission } = await createSubmission(
    db.web,
    anUpload(competition, author, { idempotencyKey: randomUUID() }),
  );
  const change = db.web.update(submissions).set({ note: 'x' }).where(eq(submissions.id, submission.id));
  await expect(change).rejects.toMatchObject({ cause: { code: '42501' } });
});
