import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { submissions } from '#lib/db/schema.ts';
import { recordScores } from '#lib/db/score-records.ts';
import { recordFailure, type Score } from '#lib/db/scoring.ts';
import type { SubmissionRow } from '#lib/db/submissions.ts';
import { log } from '#lib/log.ts';
import { aPredictionsFile, aTeam, tenUtterances } from '../builders.ts';
import { aContest, type Contest, claimOf, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { type Acknowledged, findViolations, type Invariant } from '../invariants.ts';
import { asSuperuser } from '../superuser.ts';

// The checker of the fault tests: it finds nothing where nothing is wrong, and each of the nine where it was planted.

let db: TestDatabase;
let contest: Contest;
let sent: SubmissionRow[];
let acknowledged: Acknowledged[];

/** A contest in which a file was scored, one failed and is charged no more, and the log is chained. */
beforeEach(async () => {
  log.level = 'silent';
  db ??= await aDatabase();
  contest = await aContest(db);
  const sentAt = new Date();
  const failing = await send(db, contest, 2);
  await recordFailure(db.scorer, await claimOf(db, failing.id), 'limits');
  sent = [await send(db, contest, 4), failing];
  acknowledged = sent.map((row) => ({ receipt: receiptOf(row), sentAt, answeredAt: new Date() }));
  await scoreAll(db);
});

const receiptOf = ({ id, sha256, receivedAt, late }: SubmissionRow) => ({
  ...{ id, late },
  sha256: sha256.toString('hex'),
  receivedAt: receivedAt.toISOString(),
});
const found = async (competition: Competition = contest.competition): Promise<Invariant[]> => [
  ...new Set((await findViolations(db.owner, competition, acknowledged)).map(({ invariant }) => invariant)),
];

test('nothing is found where nothing is wrong', async () => {
  expect(await findViolations(db.owner, contest.competition, acknowledged)).toEqual([]);
});

describe('what was planted is found:', () => {
  const scored = () => `'${sent[0]!.id}'`;
  const failed = () => `'${sent[1]!.id}'`;
  const team = () => `'${contest.team.id}'`;
  const planted: [Invariant, what: string, statements: () => string[]][] = [
    [
      'I1',
      'an acknowledged file is gone',
      () => [
        `delete from submission_people where submission_id = ${failed()}`,
        `delete from submission_files where submission_id = ${failed()}`,
        `delete from submissions where id = ${failed()}`,
      ],
    ],
    [
      'I1',
      'an acknowledged file has other bytes',
      () => [
        `update submissions set sha256 = sha256('other') where id = ${scored()}`,
        `update submission_files set content = 'other' where submission_id = ${scored()}`,
      ],
    ],
    [
      'I2',
      'a second result',
      () => [
        `insert into hidden.counts select submission_id, fold, label_version, 'other', profile, hits, substitutions, deletions,
        insertions, standard_error, scored_at, profile_hash from hidden.counts where submission_id = ${scored()}`,
      ],
    ],
    ['I2', 'no result', () => [`delete from hidden.utterance_errors where submission_id = ${scored()}`]],
    [
      'I2',
      'a result of a file that failed',
      () => [
        `insert into hidden.board_inputs (competition_id, kind, subject, body)
        select competition_id, kind, ${failed()}, body from hidden.board_inputs where subject = ${scored()} and kind = 'published'`,
      ],
    ],
    [
      'I3',
      'an attempt too many',
      () => [
        `update competitions set daily_quota = 1 where id = '${contest.competition.id}'`,
        `update quota_days set used = 2 where team_id = ${team()}`,
      ],
    ],
    [
      'I3',
      'a file that was charged and not counted',
      () => [`update quota_days set used = 0 where team_id = ${team()}`],
    ],
    ['I4', 'a file in time that is called late', () => [`update submissions set late = true where id = ${scored()}`]],
    [
      'I4',
      'a charge to another day',
      () => [`update submissions set quota_day = quota_day - 1 where id = ${scored()}`],
    ],
    [
      'I5',
      'a board that was written by hand',
      () => [
        `update board_snapshots set body = replace(body, '"wer":0.16', '"wer":0.12')
        where competition_id = '${contest.competition.id}'`,
      ],
    ],
    [
      'I5',
      'a scored file that no board has',
      () => [`delete from board_snapshots where competition_id = '${contest.competition.id}'`],
    ],
    ['I6', 'an event that was altered', () => [`update events set reason = 'other' where subject = ${failed()}`]],
    [
      'I7',
      'a file that waits for ever',
      () => [`update submissions set state = 'queued', finished_at = null where id = ${scored()}`],
    ],
    ['I8', 'a file that lost its bytes', () => [`delete from submission_files where submission_id = ${failed()}`]],
    [
      'I9',
      'a failure that was charged',
      () => [`update submissions set quota_day = current_date where id = ${failed()}`],
    ],
    [
      'I9',
      'an attempt given back for nothing',
      () => [`update submissions set quota_day = null where id = ${scored()}`],
    ],
  ];

  test.each(planted)('%s, %s', async (invariant, _what, statements) => {
    // The log is chained, so that what is altered now is altered for good.
    expect(await found()).toEqual([]);
    await asSuperuser(db, ...statements());
    const [row] = await db.owner
      .execute(sql`select daily_quota from competitions where id = ${contest.competition.id}`)
      .then(({ rows }) => rows);
    expect(await found({ ...contest.competition, dailyQuota: Number(row!.daily_quota) })).toContain(invariant);
  });

  test('I4, a receipt from before its file was sent', async () => {
    acknowledged[0]!.sentAt = new Date(Date.now() + 3600_000);
    acknowledged[0]!.answeredAt = new Date(Date.now() + 3600_000);
    expect(await found()).toEqual(['I4']);
  });

  test('I2, the same bytes taken twice', async () => {
    const bytes = aPredictionsFile(tenUtterances, 1);
    const { people } = await aTeam(db.owner, contest.competition);
    const of = { competition: contest.competition, author: people[0]! };
    const first = await send(db, of, 1, { bytes });
    const second = await send(db, of, 3);
    await asSuperuser(
      db,
      `update submissions set sha256 = (select sha256 from submissions where id = '${first.id}') where id = '${second.id}'`,
    );
    expect(await found()).toContain('I2');
  });

  test('I2 and I5, a worker that writes although its claim was lost', async () => {
    const { id } = await send(db, contest, 3);
    const zombie = await claimOf(db, id);
    await db.owner
      .update(submissions)
      .set({ leaseUntil: sql`clock_timestamp() - interval '1 s'` })
      .where(eq(submissions.id, id));
    await scoreAll(db);
    expect(await found()).toEqual([]);
    // As a worker without fencing would: it takes the row for its own.
    await asSuperuser(db, `update submissions set state = 'scoring', lease_until = now() where id = '${id}'`);
    const [row] = await db.owner.select().from(submissions).where(eq(submissions.id, id));
    const claim = { ...zombie, attempt: row!.attempt };
    await recordScores(db.scorer, claim.competitionId, [{ claim, score: anotherScore }], async () => null);
    expect(await found()).toEqual(expect.arrayContaining(['I2']));
  });
});

/** Of a scorer that the zombie still has. */
const measured = { counts: { hits: 20, substitutions: 5, deletions: 0, insertions: 0 }, standardError: null };
const anotherScore: Score = {
  ...{ scorerVersion: 'old', profileHash: 'a', split: 'test', public: measured, private: measured },
  utterances: { errors: Array(10).fill(1), referenceWords: Array(10).fill(5) },
};
