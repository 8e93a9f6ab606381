import { desc, eq, sql } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { extendDeadline } from '#lib/db/adjustments.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { saveHomework } from '#lib/db/course-programme.ts';
import { grantExtension, recordResults as recordMarks } from '#lib/db/course-results.ts';
import { importRoster, listStudents } from '#lib/db/course-roster.ts';
import { type Course, createCourse, publishCourse } from '#lib/db/courses.ts';
import { writeDueMails } from '#lib/db/due-mails.ts';
import { refuseCategory, saveMailChoices } from '#lib/db/mail-choices.ts';
import { pressReveal } from '#lib/db/reveals.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { mails, teamMembers, users } from '#lib/db/schema.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { log } from '#lib/log.ts';
import { recordDueResults } from '#scoring/results.ts';
import { aCompetition, aTeam, aTestSplit, aUser, hoursFromNow, type TestUser } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

const site = 'https://rostrum.example.org';
const act = { actorId: null, reason: 'asked for', site };
let db: TestDatabase;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

afterEach(() => moveClock(0));

async function moveClock(hours: number): Promise<void> {
  await db.owner.execute(sql`update installation set clock_offset = make_interval(secs => ${hours * 3600})`);
}

/** Two processes at once, and one of them again: what is told must not hang on who sweeps, or how often. */
async function sweep(): Promise<void> {
  await Promise.all([writeDueMails(db.web, site), writeDueMails(db.web, site)]);
  await writeDueMails(db.web, site);
}

async function mailsTo({ email }: { email: string }) {
  return db.owner.select().from(mails).where(eq(mails.recipient, email)).orderBy(desc(mails.id));
}
const subjectsTo = async (person: { email: string }) => (await mailsTo(person)).map(({ subject }) => subject);

describe('what a competition’s clock brings about', () => {
  const opening = () => ({ testReleasedAt: hoursFromNow(2), submissionsStartAt: hoursFromNow(2) });

  test('is told to who takes part, once and together, in their language and the competition’s time', async () => {
    const { competition, author } = await aContest(db, opening());
    const [alone, stranger] = [await aUser(db.owner, { language: 'en' }), await aUser(db.owner)];
    await acceptRules(db.web, competition.id, alone.id);
    await sweep();
    expect(await mailsTo(author)).toEqual([]);
    await moveClock(2.01);
    await sweep();
    const [mail, ...others] = await mailsTo(alone);
    expect(others).toEqual([]);
    expect(mail!.subject).toBe('Rostrum: Speech recognition: what is new');
    expect(mail!.bodyText).toMatch(/^The test recordings can be downloaded now\..*\n\nUploads are open: .* MSK\.\n\n/);
    expect(mail).toMatchObject({ category: 'phases', competitionId: competition.id, userId: alone.id });
    expect(await subjectsTo(author)).toEqual(['Rostrum: Распознавание речи: что нового']);
    expect(await mailsTo(stranger)).toEqual([]);
  });

  test('moves with a date that is moved before, and is not told anew where one is moved after', async () => {
    const { competition, author } = await aContest(db, opening());
    const move = (hours: number) =>
      db.owner.execute(
        sql`update competitions set submissions_start_at = ${hoursFromNow(hours)} where id = ${competition.id}`,
      );
    await move(30);
    await moveClock(2.01);
    await sweep();
    expect(await subjectsTo(author)).toEqual([expect.stringContaining('тестовые записи открыты')]);
    await moveClock(30.01);
    await sweep();
    expect(await subjectsTo(author)).toEqual([
      expect.stringContaining('приём файлов открыт'),
      expect.stringContaining('тестовые записи открыты'),
    ]);
    await move(31);
    await moveClock(31.01);
    await sweep();
    expect(await mailsTo(author)).toHaveLength(2);
  });

  test('is nobody’s to know of a draft', async () => {
    const { author } = await aContest(db, { ...opening(), publishedAt: null });
    await moveClock(2.01);
    await sweep();
    expect(await mailsTo(author)).toEqual([]);
  });

  test('is no news when nobody could be told for half a day', async () => {
    const { author } = await aContest(db, opening());
    await moveClock(15);
    await sweep();
    expect(await mailsTo(author)).toEqual([]);
  });

  test('warns who has no team, and teams that have sent nothing', async () => {
    const ends = { teamChangesEndAt: hoursFromNow(23), submissionsEndAt: hoursFromNow(23.5) };
    const contest = await aContest(db, ends);
    const silent = (await aTeam(db.owner, contest.competition)).people[0]!;
    const teamless = await aUser(db.owner);
    await acceptRules(db.web, contest.competition.id, teamless.id);
    await send(db, contest, 3);
    await sweep();
    expect(await subjectsTo(teamless)).toEqual([expect.stringContaining('вы ещё без команды')]);
    expect(await subjectsTo(silent)).toEqual([expect.stringContaining('остались сутки, а файлов ещё нет')]);
    expect(await subjectsTo(contest.author)).toEqual([expect.stringContaining('ваш первый файл принят')]);
  });

  test('closes for all but those who were given more time, and says of a freeze nothing but that', async () => {
    const contest = await aContest(db, {
      freezesAt: hoursFromNow(1),
      submissionsEndAt: hoursFromNow(30),
      revealsAt: hoursFromNow(80),
    });
    const { team, people } = await aTeam(db.owner, contest.competition);
    const key = { competitionId: contest.competition.id, teamId: team.id };
    await extendDeadline(db.web, key, hoursFromNow(48), act);
    await moveClock(1.01);
    await sweep();
    const frozen = (await mailsTo(contest.author)).find(({ subject }) => subject.includes('таблица заморожена'));
    expect(frozen!.bodyText).not.toMatch(/\d+(,\d)?\s?%|WER|место/);
    await moveClock(30.01);
    await sweep();
    const isClosed = (subjects: string[]) => subjects.some((subject) => subject.includes('приём файлов закончен'));
    expect(isClosed(await subjectsTo(contest.author))).toBe(true);
    expect(isClosed(await subjectsTo(people[0]!))).toBe(false);
  });
});

describe('dates that organisers move', () => {
  const until = (hours: number) => ({ submissionsEndAt: hoursFromNow(hours) });
  const change = ({ id }: Competition, hours: number) => updateCompetition(db.web, id, until(hours), act);

  test('are told together once they have settled, as they were and as they are', async () => {
    const { competition, author } = await aContest(db);
    await change(competition, 10 * 24);
    await updateCompetition(db.web, competition.id, { revealsAt: hoursFromNow(12 * 24) }, act);
    await change(competition, 9 * 24);
    await sweep();
    expect(await mailsTo(author)).toEqual([]);
    await moveClock(0.2);
    await sweep();
    const [mail, ...others] = await mailsTo(author);
    expect(others).toEqual([]);
    expect(mail!.subject).toContain('сроки изменились');
    const lines = mail!.bodyText.split('\n').filter((line) => /МСК/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^Конец приёма: .* МСК \(было: .* МСК\)$|^.*: .* МСК \(было: .* МСК\)$/),
      expect.stringMatching(/^[^(]* МСК$/),
    ]);
    await change(competition, 8 * 24);
    await moveClock(0.4);
    await sweep();
    expect(await mailsTo(author)).toHaveLength(2);
  });

  test('are not told where they were put back, lie in the past or belong to a draft', async () => {
    const back = await aContest(db);
    await change(back.competition, 10 * 24);
    await updateCompetition(db.web, back.competition.id, { submissionsEndAt: back.competition.submissionsEndAt }, act);
    const past = await aContest(db);
    await updateCompetition(db.web, past.competition.id, { devReleasedAt: hoursFromNow(-20) }, act);
    const draft = await aContest(db, { publishedAt: null });
    await change(draft.competition, 10 * 24);
    await moveClock(0.2);
    await sweep();
    for (const { author } of [back, past, draft]) expect(await mailsTo(author)).toEqual([]);
  });
});

describe('the first file of a team', () => {
  test('is told to all its members once, without a score', async () => {
    const contest = await aContest(db, { teamSize: 4, dailyQuota: 20 });
    const mate = await aUser(db.owner, { language: 'en' });
    await db.owner
      .insert(teamMembers)
      .values({ teamId: contest.team.id, userId: mate.id, competitionId: contest.competition.id });
    await send(db, contest, 3, { fileName: 'первый <b>.csv' });
    await scoreAll(db);
    await sweep();
    await send(db, contest, 4);
    await sweep();
    const [mail, ...others] = await mailsTo(mate);
    expect(others).toEqual([]);
    expect(mail!.bodyText).toContain('первый <b>.csv');
    expect(mail!.bodyHtml).toContain('первый &lt;b&gt;.csv');
    expect(mail!.bodyText).not.toMatch(/%|WER/);
    expect(await subjectsTo(contest.author)).toEqual(['Rostrum: Распознавание речи: ваш первый файл принят']);
  });
});

describe('the results', () => {
  async function aClosedContest(given: Parameters<typeof aCompetition>[1]): Promise<Contest[]> {
    const first = await aContest(db, { revealsAt: hoursFromNow(8 * 24), ...given });
    const { team, people } = await aTeam(db.owner, first.competition);
    const second = { competition: first.competition, team, author: people[0]! };
    await send(db, first, 26);
    await send(db, second, 30);
    await scoreAll(db);
    await sweep();
    await db.owner.execute(sql`update competitions set submissions_end_at = rostrum_now() - interval '1 day',
      reveals_at = rostrum_now() - interval '1 second' where id = ${first.competition.id}`);
    return [first, second];
  }
  const resultsTo = async ({ author }: Contest) =>
    (await mailsTo(author)).filter(({ category }) => category === 'results').map(({ bodyText }) => bodyText);

  test('are told to each team with its own place, and not before they are made', async () => {
    const [first, second] = await aClosedContest({});
    const third = { ...first!, author: (await aTeam(db.owner, first!.competition)).people[0]! };
    await sweep();
    expect(await resultsTo(first!)).toEqual([]);
    await recordDueResults(db.scorer);
    await sweep();
    expect(await resultsTo(first!)).toEqual([expect.stringContaining('заняла 1-е место из 2')]);
    expect(await resultsTo(second!)).toEqual([expect.stringContaining('заняла 2-е место из 2')]);
    expect(await resultsTo(third)).toEqual([expect.stringContaining('нет файла, который идёт в зачёт')]);
  });

  test('of a staged reveal wait for its last step', async () => {
    const [first] = await aClosedContest({ revealMode: 'staged' });
    const { id } = first!.competition;
    await recordDueResults(db.scorer);
    await pressReveal(db.web, id, { move: 'next', expected: 0 }, { actorId: null });
    await sweep();
    expect(await resultsTo(first!)).toEqual([]);
    await pressReveal(db.web, id, { move: 'all', expected: 1 }, { actorId: null });
    await sweep();
    expect(await resultsTo(first!)).toHaveLength(1);
  });
});

describe('a course', () => {
  let count = 0;

  async function aCourseWith(students: readonly TestUser[], competitionId: string | null = null): Promise<Course> {
    count += 1;
    const given = { slug: `course-${count}`, nameRu: 'Сети', nameEn: 'Networks', timeZone: 'Europe/Moscow' };
    const course = await createCourse(db.web, { ...given, competitionId }, act);
    await publishCourse(db.web, course, act);
    const entries = students.map(({ email }, i) => ({
      studentNumber: `${i}`,
      name: `Student ${i}`,
      groupName: '',
      address: parseEmailAddress(email)!,
    }));
    await importRoster(db.web, course, entries, act);
    return course;
  }

  test('hears when registration for its project opens and closes, where a student has not registered', async () => {
    const [registered, waiting] = [await aUser(db.owner), await aUser(db.owner)];
    const window = { registrationStartsAt: hoursFromNow(1), registrationEndsAt: hoursFromNow(40) };
    const competition = await aTestSplit(db.owner, await aCompetition(db.owner, window));
    await aCourseWith([registered, waiting], competition.id);
    await moveClock(1.01);
    await sweep();
    expect(await subjectsTo(registered)).toEqual([expect.stringContaining('регистрация открыта')]);
    await acceptRules(db.web, competition.id, registered.id);
    await moveClock(16.01);
    await sweep();
    expect(await mailsTo(registered)).toHaveLength(1);
    expect(await subjectsTo(waiting)).toEqual([
      expect.stringContaining('до конца регистрации сутки'),
      expect.stringContaining('регистрация открыта'),
    ]);
  });

  test('is reminded of a homework the day before, each student of their own deadline, where nothing is recorded', async () => {
    const people = [await aUser(db.owner), await aUser(db.owner), await aUser(db.owner)];
    const [late, done, extended] = people;
    const course = await aCourseWith(people);
    const typed = { titleRu: 'Первая', titleEn: 'First', link: null, maxPoints: 20 };
    const dates = { handedOutAt: hoursFromNow(-100), softAt: hoursFromNow(25), hardAt: hoursFromNow(300) };
    const homework = await saveHomework(db.web, course, null, { ...typed, ...dates }, act);
    const students = await listStudents(db.web, course.id);
    const idOf = ({ id }: TestUser) => students.find(({ userId }) => userId === id)!.id;
    const marked = { points: 20, handedInAt: hoursFromNow(-1) };
    await recordMarks(db.web, course, homework, [{ studentId: idOf(done!), marked, was: null }], act);
    const more = { softAt: hoursFromNow(60), hardAt: hoursFromNow(400) };
    await grantExtension(db.web, course, { homeworkId: homework, studentId: idOf(extended!) }, more, act);
    await sweep();
    expect(await mailsTo(late!)).toEqual([]);
    await moveClock(1.01);
    await sweep();
    expect(await subjectsTo(late!)).toEqual(['Rostrum: Сети: «Первая» сдать через сутки']);
    expect(await mailsTo(extended!)).toEqual([]);
    await moveClock(36.01);
    await sweep();
    expect(await mailsTo(extended!)).toHaveLength(1);
    expect(await mailsTo(late!)).toHaveLength(1);
    expect(await mailsTo(done!)).toEqual([]);
  });
});

describe('who wants no mails of a kind', () => {
  const write = async ({ competition, team }: Contest) => {
    await extendDeadline(db.web, { competitionId: competition.id, teamId: team.id }, hoursFromNow(8 * 24), act);
    await sweep();
  };
  const kindsTo = async ({ author }: Contest) => (await mailsTo(author)).map(({ category }) => category);

  test('gets none, not even one that waited to be sent, and still hears of decisions', async () => {
    const contest = await aContest(db);
    const control = await aContest(db);
    await send(db, contest, 3);
    await send(db, control, 3);
    await sweep();
    expect(await kindsTo(contest)).toEqual(['receipts']);
    expect(await refuseCategory(db.web, contest.author.id, 'receipts')).toBe(true);
    expect(await refuseCategory(db.web, contest.author.id, 'receipts')).toBe(true);
    expect(await kindsTo(contest)).toEqual([]);
    await write(contest);
    await write(control);
    expect(await kindsTo(contest)).toEqual(['decisions']);
    expect(await kindsTo(control)).toEqual(['decisions', 'receipts']);
    const { rows } = await db.owner.execute(sql`
      select details from events where kind = 'mails-chosen' and actor_id = ${contest.author.id}`);
    expect(rows).toEqual([{ details: { refused: ['receipts'], byLink: true } }]);
  });

  test('may want none of one competition, and take it back', async () => {
    const contest = await aContest(db);
    const { competition, author } = contest;
    const choose = (isMuted: boolean) =>
      saveMailChoices(db.web, author.id, { refused: [], mutes: [{ id: competition.id, isMuted }] });
    await choose(true);
    await send(db, contest, 3);
    await write(contest);
    expect(await kindsTo(contest)).toEqual(['decisions']);
    await choose(false);
    await updateCompetition(db.web, competition.id, { revealsAt: hoursFromNow(12 * 24) }, act);
    await moveClock(0.2);
    await sweep();
    expect(await kindsTo(contest)).toEqual(['phases', 'decisions']);
  });

  test('is nobody where the account was erased', async () => {
    const { author } = await aContest(db);
    await db.owner.update(users).set({ erasedAt: new Date() }).where(eq(users.id, author.id));
    expect(await refuseCategory(db.web, author.id, 'phases')).toBe(false);
  });
});
