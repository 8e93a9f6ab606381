import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shippedModel } from '#lib/baseline-models.ts';
import { readSnapshot } from '#lib/board.ts';
import { listBaselineRuns } from '#lib/db/baseline-runs.ts';
import { getBoard } from '#lib/db/boards.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { listStudents } from '#lib/db/course-roster.ts';
import { getPublishedSheet } from '#lib/db/course-sheets.ts';
import { findCourse } from '#lib/db/courses.ts';
import { submissions, teams, users } from '#lib/db/schema.ts';
import { hasAdministrator } from '#lib/db/users.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { verifyPassword } from '#lib/identity/password-hash.ts';
import { log } from '#lib/log.ts';
import { inFolder } from '#lib/objects.ts';
import { demoCourseSlug } from '../../bin/demo/course.ts';
import { demoTeams } from '../../bin/demo/entries.ts';
import { type DemoSignIn, seedDemo } from '../../bin/demo/seed.ts';
import { scoreAll } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDemoSpeech } from '../demo-speech.ts';

let db: TestDatabase;
let home = '';
let signIns: DemoSignIn[] = [];

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  home = mkdtempSync(join(tmpdir(), 'rostrum-demo-'));
  signIns = await seed();
  await scoreAll(db);
});
afterAll(() => rmSync(home, { recursive: true }));

function seed(isAlone = true) {
  return seedDemo(db.owner, { place: inFolder(home), speech: aDemoSpeech(home), isAlone });
}

async function board() {
  return readSnapshot((await getBoard(db.web, await getCompetition(db.web, 'demo'))).body).rows;
}

test('the demo has a board of five marked teams, each with its best file', async () => {
  const teams = (await board()).filter((row) => !row.isBaseline);
  expect(teams.map((row) => row.team).sort()).toEqual([...demoTeams].sort());
  expect(teams.every((row) => row.isDemo)).toBe(true);
  // The weakest model errs about as often as there are words, and chance deals the folds: what a file comes to is read, not known.
  const { rows } = await db.owner.execute<{ team: string; best: number }>(sql`
    select t.name as team, min(p.wer_permille) / 1000.0::double precision as best
    from published_scores p join submissions s on s.id = p.submission_id join teams t on t.id = s.team_id
    where s.split = 'test' and t.kind = 'team' group by t.id`);
  expect(new Map(teams.map((row) => [row.team, row.wer]))).toEqual(new Map(rows.map(({ team, best }) => [team, best])));
});

test('the shipped model is to transcribe test and dev for the baseline, which is marked and waits for nobody', async () => {
  const { id } = await getCompetition(db.web, 'demo');
  const runs = await listBaselineRuns(db.web, id);
  const asked = { model: shippedModel, decoding: 'greedy', state: 'queued', submissionId: null };
  expect(runs.map(({ split }) => split).sort()).toEqual(['dev', 'test']);
  for (const run of runs) expect(run).toMatchObject(asked);
  const [team] = await db.owner.select().from(teams).where(eq(teams.id, runs[0]!.teamId));
  expect(team).toMatchObject({ name: 'Базовое решение', kind: 'baseline', isDemo: true });
});

test('it is the project of a course whose students are its captains, with a published sheet of every awkward case', async () => {
  const course = (await findCourse(db.web, demoCourseSlug))!;
  expect(course.competitionId).toBe((await getCompetition(db.web, 'demo')).id);
  const students = await listStudents(db.web, course.id);
  expect(students.filter(({ userId }) => userId !== null)).toHaveLength(demoTeams.length);
  const { rows, isComplete } = await getPublishedSheet(db.web, course.id, 1);
  const reasons = rows.map(({ homework }) => homework[0]!.why.kind);
  expect(new Set(reasons)).toEqual(new Set(['in-time', 'late', 'none']));
  expect(rows.some(({ homework }) => homework[0]!.isExtended)).toBe(true);
  expect(isComplete).toBe(false);
});

test('one of its files was refused, with its problems kept', async () => {
  const rejected = await db.owner.select().from(submissions).where(sql`state = 'rejected'`);
  expect(rejected).toHaveLength(1);
  expect(new Set(rejected[0]!.problems.map(({ code }) => code)).size).toBeGreaterThan(2);
});

test('its accounts are random, for this machine only, and their passwords lie in a file of the owner', async () => {
  const accounts = await db.owner.select().from(users).orderBy(asc(users.email));
  expect(accounts.every((account) => account.isDemo)).toBe(true);
  for (const { email, password } of signIns) {
    const account = accounts.find((other) => other.email === email)!;
    expect(password).toMatch(/^[a-z0-9]{4}(-[a-z0-9]{4}){2}$/);
    expect(await verifyPassword(account.passwordHash, password)).toBe(true);
  }
  expect(statSync(join(home, 'demo-passwords.json')).mode & 0o777).toBe(0o600);
});

test('its organiser may make competitions where nothing but the demo is, and is not taken for the first administrator', async () => {
  const administrators = async () =>
    (await db.owner.select().from(users).where(eq(users.isAdministrator, true))).map(({ email }) => email);
  expect(await administrators()).toEqual(['organiser@demo.example']);
  expect(await hasAdministrator(db.owner)).toBe(false);
  const beside = await aDatabase();
  const other = mkdtempSync(join(tmpdir(), 'rostrum-demo-'));
  await seedDemo(beside.owner, { place: inFolder(other), speech: aDemoSpeech(other), isAlone: false });
  expect(await beside.owner.select().from(users).where(eq(users.isAdministrator, true))).toEqual([]);
  rmSync(other, { recursive: true });
});

test('its data is there, halves of test in secret', async () => {
  const competition = await getCompetition(db.web, 'demo');
  expect((await sumSplits(db.web, competition.id)).map(({ split }) => split)).toEqual(['train', 'dev', 'test']);
  expect(competition).toMatchObject({
    isDemo: true,
    labelVersion: 1,
    publicFoldPercent: 50,
    policy: 'open',
    dailyQuota: 5,
  });
  expect(competition.attribution).toContain('eSpeak NG');
});

test('seeding it again changes nothing', async () => {
  const counted = async () => {
    const { rows } = await db.owner.execute(sql`
      select (select count(*) from submissions) as submissions, (select count(*) from events) as events,
        (select count(*) from users) as users, (select count(*) from teams) as teams,
        (select count(*) from baseline_runs) as runs`);
    return rows[0];
  };
  const before = await counted();
  expect(await seed()).toEqual(signIns);
  expect(await counted()).toEqual(before);
});

/** As if the start had been cut off before the refused file. */
const forgetRefused = () =>
  db.owner.execute(sql`update submissions set idempotency_key = null where state = 'rejected'`);

test('another start goes on where the first was cut off', async () => {
  const rows = async () => (await db.owner.select().from(submissions)).length;
  const before = await rows();
  await db.owner.execute(sql`delete from baseline_runs where split = 'dev'`);
  await forgetRefused();
  await seed();
  expect(await rows()).toBe(before + 1);
  expect(await listBaselineRuns(db.web, (await getCompetition(db.web, 'demo')).id)).toHaveLength(2);
});

test('a team under another name, of an earlier version, gets no files of this one', async () => {
  const rows = async () => (await db.owner.select().from(submissions)).length;
  const before = await rows();
  await forgetRefused();
  await db.owner.execute(sql`update teams set name = 'Белый шум', name_key = 'another' where name = ${demoTeams[3]!}`);
  await seed();
  expect(await rows()).toBe(before);
});

test('a lost file of passwords is made anew, and the accounts get what it says', async () => {
  rmSync(join(home, 'demo-passwords.json'));
  const [organiser] = await seed();
  expect(organiser!.password).not.toBe(signIns[0]!.password);
  const accounts = await db.owner.select().from(users);
  const account = accounts.find(({ email }) => email === organiser!.email)!;
  expect(await verifyPassword(account.passwordHash, organiser!.password)).toBe(true);
});

test('a demo that is about to end goes on for two weeks more', async () => {
  await db.owner.execute(sql`
    update competitions set submissions_end_at = now() + interval '1 hour', freezes_at = now(), reveals_at = now() + interval '1 day'
    where slug = 'demo'`);
  await seed();
  const { submissionsEndAt } = await getCompetition(db.web, 'demo');
  expect(submissionsEndAt.getTime()).toBeGreaterThan(Date.now() + 13 * 24 * 3600 * 1000);
});
