import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { pinBaseline } from '#lib/db/baseline.ts';
import {
  devFileOf,
  findBaselineDevFile,
  findWaitingDevFile,
  fingerprintDev,
  hasDevSplit,
  listDevFiles,
  listDevUtterances,
} from '#lib/db/lab.ts';
import { utterances } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { standingOf } from '../../app/c/[slug]/lab/access.ts';
import {
  aCompetition,
  aDevSplit,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  devUtterances,
  hoursFromNow,
} from '../builders.ts';
import { aContest, type Contest, scoreAll } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

async function aLab(): Promise<Contest> {
  const contest = await aContest(db);
  await aDevSplit(db.owner, contest.competition);
  return contest;
}

async function sendDev({ competition, author }: Pick<Contest, 'competition' | 'author'>, wrong: number) {
  const bytes = aPredictionsFile(devUtterances, wrong);
  return (await createSubmission(db.web, anUpload(competition, author, { split: 'dev', bytes }))).submission;
}

async function sendTest({ competition, author }: Contest) {
  return (await createSubmission(db.web, anUpload(competition, author, { bytes: aPredictionsFile() }))).submission;
}

describe('the files of the lab', () => {
  test('are the team’s own for dev, newest first', async () => {
    const contest = await aLab();
    const first = await sendDev(contest, 3);
    const second = await sendDev(contest, 1);
    await scoreAll(db);
    const files = await listDevFiles(db.web, contest.team.id);
    expect(files.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(devFileOf(files, first.id).id).toBe(first.id);
  });

  test('are not those of another team, and not those for test', async () => {
    const contest = await aLab();
    const rival = await aTeam(db.owner, contest.competition);
    const theirs = await sendDev({ competition: contest.competition, author: rival.people[0]! }, 2);
    const forTest = await sendTest(contest);
    const own = await sendDev(contest, 2);
    await scoreAll(db);
    const files = await listDevFiles(db.web, contest.team.id);
    for (const { id } of [theirs, forTest]) {
      expect(() => devFileOf(files, id)).toThrow(expect.objectContaining({ code: 'not-found', status: 404 }));
    }
    // The control: the same question about a file of one's own, and the rival's about theirs.
    expect(devFileOf(files, own.id).id).toBe(own.id);
    expect((await listDevFiles(db.web, rival.team.id)).map(({ id }) => id)).toEqual([theirs.id]);
  });

  test('are joined by the baseline’s newest for dev, once it is scored, and by nothing of it for test', async () => {
    const contest = await aLab();
    const { competition } = contest;
    const pin = (split: 'test' | 'dev', fileName: string, bytes: Buffer) =>
      pinBaseline(
        db.web,
        competition.id,
        { ...anUpload(competition, { id: '' }, { bytes }), split, name: 'Базовое решение', fileName },
        { actorId: null },
      );
    await pin('test', 'hidden.csv', aPredictionsFile());
    await scoreAll(db);
    expect(await findBaselineDevFile(db.web, competition.id)).toBeNull();
    await pin('dev', 'first.csv', aPredictionsFile(devUtterances, 2));
    await scoreAll(db);
    await pin('dev', 'second.csv', aPredictionsFile(devUtterances, 1));
    expect(await findBaselineDevFile(db.web, competition.id)).toMatchObject({ fileName: 'first.csv' });
    await scoreAll(db);
    expect(await findBaselineDevFile(db.web, competition.id)).toMatchObject({ fileName: 'second.csv' });
    expect(await findBaselineDevFile(db.web, (await aLab()).competition.id)).toBeNull();
    expect(await listDevFiles(db.web, contest.team.id)).toEqual([]);
  });

  test('are told of while they wait', async () => {
    const contest = await aLab();
    expect(await findWaitingDevFile(db.web, contest.team.id)).toBeNull();
    await sendTest(contest);
    expect(await findWaitingDevFile(db.web, contest.team.id)).toBeNull();
    const { id } = await sendDev(contest, 1);
    expect(await findWaitingDevFile(db.web, contest.team.id)).toEqual({ id, state: 'queued' });
    await scoreAll(db);
    expect(await findWaitingDevFile(db.web, contest.team.id)).toBeNull();
  });
});

describe('the utterances of the lab', () => {
  test('are those of dev with their references, and none of test', async () => {
    const { competition } = await aLab();
    const found = await listDevUtterances(db.web, competition.id);
    expect(found.map(({ id, references }) => [id, references[0]])).toEqual(
      devUtterances.map(({ id, reference }) => [id, reference]),
    );
  });

  test('have another fingerprint when a wording is added, and the same when nothing changes', async () => {
    const { competition } = await aLab();
    const before = await fingerprintDev(db.web, competition.id);
    expect(await fingerprintDev(db.web, competition.id)).toBe(before);
    await db.owner
      .update(utterances)
      .set({ alternatives: ['один'] })
      .where(and(eq(utterances.competitionId, competition.id), eq(utterances.id, 'd1')));
    expect(await fingerprintDev(db.web, competition.id)).not.toBe(before);
  });

  test('are none where there is only a test split', async () => {
    const { competition } = await aContest(db);
    expect(await hasDevSplit(db.web, competition.id)).toBe(false);
    expect(await listDevUtterances(db.web, competition.id)).toEqual([]);
  });
});

describe('the lab itself', () => {
  test('is open to members of teams once the split is released, and to others says the next step', async () => {
    const { competition, author, team } = await aLab();
    const now = new Date();
    const stateFor = async (user: Parameters<typeof standingOf>[2], given = competition) =>
      (await standingOf(db.web, given, user, now)).state;
    expect(await standingOf(db.web, competition, author, now)).toMatchObject({
      state: 'open',
      team: { id: team.id },
    });
    expect(await stateFor(null)).toBe('sign-in-first');
    expect(await stateFor(await aUser(db.owner))).toBe('rules-first');
    expect(await stateFor(await aUser(db.owner, { isAdministrator: true }))).toBe('team-first');
    expect(await stateFor(author, { ...competition, devReleasedAt: hoursFromNow(1) })).toBe('not-released');
    const without = await aTestSplit(db.owner, await aCompetition(db.owner));
    expect(await stateFor(author, without)).toBe('no-dev');
  });
});
