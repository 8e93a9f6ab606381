import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RosterEntry } from '#lib/course/roster-file.ts';
import { defaultSettings } from '#lib/course/settings.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { saveHomework } from '#lib/db/course-programme.ts';
import {
  grantExtension,
  listExtensions,
  listMarkHistory,
  recordResults,
  revokeExtension,
} from '#lib/db/course-results.ts';
import { findOwnStudent, importRoster, inviteStudents, listStudents, removeStudent } from '#lib/db/course-roster.ts';
import { getPublishedSheet, listOwnSheets, previewSheet, publishSheet } from '#lib/db/course-sheets.ts';
import {
  type Course,
  createCourse,
  findCourseRole,
  getVisibleCourse,
  mayCreateCourses,
  publishCourse,
  updateCourseSettings,
} from '#lib/db/courses.ts';
import { findConsent, giveConsent, listConsents, withdrawConsent } from '#lib/db/shortlist.ts';
import { createUser } from '#lib/db/users.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { aCompetition, aTeam, aUser, hoursFromNow, type TestUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let teacher: TestUser;
let count = 0;

beforeAll(async () => {
  db = await aDatabase();
  teacher = await aUser(db.owner);
});

const act = (reason = '') => ({ actorId: teacher.id, reason, site: 'https://rostrum.example' });

async function aCourse(competitionId: string | null = null): Promise<Course> {
  const given = {
    slug: `course-${++count}`,
    nameRu: 'Сети',
    nameEn: 'Networks',
    timeZone: 'Europe/Moscow',
    competitionId,
  };
  return createCourse(db.web, given, act());
}

function entry(studentNumber: string, email: string, name = `Student ${studentNumber}`): RosterEntry {
  return { studentNumber, name, groupName: '', address: parseEmailAddress(email)! };
}

const importing = (course: Course, ...entries: RosterEntry[]) => importRoster(db.web, course, entries, act());
const softAt = new Date('2026-03-01T20:59:00Z');
const hardAt = new Date('2026-03-15T20:59:00Z');
const typedHomework = {
  titleRu: 'Первая',
  titleEn: 'First',
  link: null,
  maxPoints: 20,
  handedOutAt: new Date('2026-02-15T09:00:00Z'),
  softAt,
  hardAt,
};
const aHomework = (course: Course) => saveHomework(db.web, course, null, typedHomework, act());
const marked = (points: number, at = '2026-03-01T10:00:00Z') => ({ points, handedInAt: new Date(at) });

async function eventsOf(course: Course): Promise<string[]> {
  const { rows } = await db.owner.execute<{ kind: string }>(
    sql`select kind from events where details->>'courseId' = ${course.id} order by id`,
  );
  return rows.map(({ kind }) => kind);
}

describe('who may do what', () => {
  test('who made a course runs it, and with a competition its staff does, too', async () => {
    const competition = await aCompetition(db.owner);
    const course = await aCourse(competition.id);
    const [organiser, assistant, stranger] = [await aUser(db.owner), await aUser(db.owner), await aUser(db.owner)];
    await grantRole(db.owner, competition.id, organiser.id, 'organiser', { actorId: null });
    await grantRole(db.owner, competition.id, assistant.id, 'assistant', { actorId: null });
    const roleOf = (user: TestUser) => findCourseRole(db.web, course, user);
    expect([await roleOf(teacher), await roleOf(organiser), await roleOf(assistant), await roleOf(stranger)]).toEqual([
      'organiser',
      'organiser',
      'assistant',
      null,
    ]);
    expect([await mayCreateCourses(db.web, organiser), await mayCreateCourses(db.web, assistant)]).toEqual([
      true,
      false,
    ]);
  });

  test('a draft is there for those who run it alone', async () => {
    const course = await aCourse();
    const stranger = await aUser(db.owner);
    await expect(getVisibleCourse(db.web, course.slug, stranger)).rejects.toMatchObject({ code: 'not-found' });
    await publishCourse(db.web, course, act());
    expect((await getVisibleCourse(db.web, course.slug, stranger)).role).toBeNull();
    expect((await getVisibleCourse(db.web, course.slug, null)).role).toBeNull();
  });

  test('a competition is the project of one course', async () => {
    const competition = await aCompetition(db.owner);
    await aCourse(competition.id);
    await expect(aCourse(competition.id)).rejects.toMatchObject({ code: 'course-of-competition' });
  });

  test('rules that people can read change with a reason, and significance not after the start', async () => {
    const competition = await aCompetition(db.owner);
    const course = await aCourse(competition.id);
    await publishCourse(db.web, course, act());
    const change = (settings: object, reason = '') =>
      updateCourseSettings(db.web, course.id, { ...defaultSettings, ...settings }, act(reason));
    await expect(change({ penaltyPerDay: 1 })).rejects.toMatchObject({ code: 'no-reason' });
    await change({ penaltyPerDay: 1 }, 'Решение кафедры');
    await expect(change({ penaltyPerDay: 1, equalBy: 'tie-classes' }, 'x')).rejects.toMatchObject({
      code: 'course-rules-fixed',
    });
    expect(await eventsOf(course)).toEqual(['course-created', 'course-published', 'course-rules-changed']);
  });
});

describe('a roster row belongs to the account that has proven its address', () => {
  test('to one that is there, or that is made later, and to no other', async () => {
    const course = await aCourse();
    const here = await aUser(db.owner);
    await importing(course, entry('1', here.email), entry('2', 'Later@example.org'));
    expect(await findOwnStudent(db.web, course.id, here.id)).toMatchObject({ studentNumber: '1' });
    const thief = await aUser(db.owner, { name: 'Student 2', email: 'student-2@example.org' });
    expect(await findOwnStudent(db.web, course.id, thief.id)).toBeNull();
    const address = parseEmailAddress('later@example.org')!;
    const { user } = await db.web.transaction((tx) =>
      createUser(tx, { address, name: 'Another name', language: 'ru', passwordHash: null }),
    );
    expect(await findOwnStudent(db.web, course.id, user.id)).toMatchObject({ studentNumber: '2' });
    expect((await eventsOf(course)).filter((kind) => kind === 'student-linked')).toHaveLength(2);
  });

  test('a second account cannot take it, and the first keeps it when its name or group changes', async () => {
    const course = await aCourse();
    const owner = await aUser(db.owner);
    await importing(course, entry('1', owner.email));
    await importing(course, entry('1', owner.email.toUpperCase(), 'New name'));
    expect(await findOwnStudent(db.web, course.id, owner.id)).toMatchObject({ name: 'New name' });
    await expect(
      db.web.execute(sql`insert into course_students (course_id, student_number, name, email, email_key, user_id)
        values (${course.id}, '9', 'x', 'x@example.org', 'x@example.org', ${owner.id})`),
    ).rejects.toMatchObject({ cause: { constraint: 'one_student_per_account' } });
  });

  test('another address in a new file unlinks the old account; addresses may change places', async () => {
    const course = await aCourse();
    const [a, b] = [await aUser(db.owner), await aUser(db.owner)];
    await importing(course, entry('1', a.email), entry('2', b.email));
    expect(await importing(course, entry('1', b.email), entry('2', a.email))).toMatchObject({ relinked: 2 });
    expect(await findOwnStudent(db.web, course.id, a.id)).toMatchObject({ studentNumber: '2' });
    expect(await findOwnStudent(db.web, course.id, b.id)).toMatchObject({ studentNumber: '1' });
    await expect(importing(course, entry('3', a.email))).rejects.toMatchObject({ code: 'roster-address-taken' });
  });

  test('who is not in a later file stays; who is taken out loses the sheet and comes back with the number', async () => {
    const course = await aCourse();
    const [a, b] = [await aUser(db.owner), await aUser(db.owner)];
    await importing(course, entry('1', a.email), entry('2', b.email));
    await importing(course, entry('1', a.email));
    const second = (await findOwnStudent(db.web, course.id, b.id))!;
    await removeStudent(db.web, course, second.id, act());
    expect(await findOwnStudent(db.web, course.id, b.id)).toBeNull();
    await importing(course, entry('2', b.email));
    expect((await findOwnStudent(db.web, course.id, b.id))?.id).toBe(second.id);
  });

  test('who has no account is written to, and not again within a day', async () => {
    const course = await aCourse();
    const here = await aUser(db.owner);
    await importing(course, entry('1', here.email), entry('2', 'invited@example.org'));
    expect(await inviteStudents(db.web, course, 'ru', act())).toBe(1);
    expect(await inviteStudents(db.web, course, 'ru', act())).toBe(0);
    const { rows } = await db.owner.execute<{ recipient: string; text: string }>(
      sql`select recipient, body_text as text from mails where subject like ${'%Сети%'} and recipient = 'invited@example.org'`,
    );
    expect(rows[0]?.text).toContain(`/course/${course.slug}/sheet`.replaceAll('/', encodeURIComponent('/')));
  });
});

describe('results', () => {
  async function aClass() {
    const course = await aCourse();
    const user = await aUser(db.owner);
    await importing(course, entry('1', user.email), entry('2', 'second@example.org'));
    const [first, second] = await listStudents(db.web, course.id);
    return { course, user, first: first!, second: second!, homeworkId: await aHomework(course) };
  }

  test('are recorded once, and corrected with a reason; the history keeps both', async () => {
    const { course, first, homeworkId } = await aClass();
    const record = (from: number | null, to: number | null, reason = '') =>
      recordResults(
        db.web,
        course,
        homeworkId,
        [{ studentId: first.id, was: from === null ? null : marked(from), marked: to === null ? null : marked(to) }],
        act(reason),
      );
    expect(await record(null, 15)).toBe(1);
    expect(await record(15, 15)).toBe(0);
    await expect(record(15, 18)).rejects.toMatchObject({ code: 'no-reason' });
    await record(15, 18, 'Апелляция');
    await record(18, null, 'Чужая работа');
    const history = await listMarkHistory(db.web, first.id);
    expect(history.map((one) => [one.marked?.points ?? null, one.reason, one.recordedBy])).toEqual([
      [null, 'Чужая работа', teacher.name],
      [18, 'Апелляция', teacher.name],
      [15, '', teacher.name],
    ]);
    for (const change of [sql`update homework_results set points = 20`, sql`delete from homework_results`]) {
      await expect(db.owner.execute(change)).rejects.toMatchObject({ cause: { code: '42501' } });
    }
  });

  test('that somebody else changed meanwhile are not overwritten, and then nothing is written', async () => {
    const { course, first, second, homeworkId } = await aClass();
    const typed = (studentId: string, points: number, was: number | null) => ({
      studentId,
      marked: marked(points),
      was: was === null ? null : marked(was),
    });
    await recordResults(db.web, course, homeworkId, [typed(first.id, 10, null)], act());
    await expect(
      recordResults(db.web, course, homeworkId, [typed(second.id, 5, null), typed(first.id, 20, null)], act('x')),
    ).rejects.toMatchObject({ code: 'edited-result', values: { name: 'Student 1' } });
    expect(await listMarkHistory(db.web, second.id)).toEqual([]);
  });

  test('of another course’s homework or student are refused', async () => {
    const { course, first, homeworkId } = await aClass();
    const other = await aClass();
    const result = { marked: marked(1), was: null };
    await expect(
      recordResults(db.web, course, other.homeworkId, [{ ...result, studentId: first.id }], act()),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      recordResults(db.web, course, homeworkId, [{ ...result, studentId: other.first.id }], act()),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('count by an extension until it is revoked; extensions need a reason and are never earlier', async () => {
    const { course, first, homeworkId } = await aClass();
    const which = { homeworkId, studentId: first.id };
    const late = marked(20, '2026-03-03T20:59:00Z');
    await recordResults(db.web, course, homeworkId, [{ studentId: first.id, marked: late, was: null }], act());
    const total = async () =>
      (await previewSheet(db.web, course)).sheet.rows.find((row) => row.studentId === first.id)!.total;
    expect(await total()).toBe(19);
    const later = { softAt: new Date('2026-03-05T20:59:00Z'), hardAt };
    await expect(grantExtension(db.web, course, which, later, act())).rejects.toMatchObject({ code: 'no-reason' });
    const earlier = { softAt: new Date('2026-02-20T20:59:00Z'), hardAt };
    await expect(grantExtension(db.web, course, which, earlier, act('x'))).rejects.toMatchObject({
      code: 'extension-no-later',
    });
    await grantExtension(db.web, course, which, later, act('Болезнь'));
    expect(await total()).toBe(20);
    const [granted] = await listExtensions(db.web, course.id, first.id);
    await revokeExtension(db.web, course, granted!.id, act('Ошибка'));
    expect(await total()).toBe(19);
    expect(await eventsOf(course)).toEqual(expect.arrayContaining(['extension-granted', 'extension-revoked']));
  });
});

describe('sheets', () => {
  test('are published as they were looked at, corrected with a reason, and each student reads their own rows', async () => {
    const course = await aCourse();
    const [a, b] = [await aUser(db.owner), await aUser(db.owner)];
    await importing(course, entry('1', a.email), entry('2', b.email));
    const homeworkId = await aHomework(course);
    const mine = (await findOwnStudent(db.web, course.id, a.id))!;
    const stale = await previewSheet(db.web, course);
    await recordResults(db.web, course, homeworkId, [{ studentId: mine.id, marked: marked(12), was: null }], act());
    const publish = (digest: string, reason = '', byMail = false) =>
      publishSheet(db.web, course.id, { digest, byMail }, act(reason));
    await expect(publish(stale.digest)).rejects.toMatchObject({ code: 'sheet-changed' });
    expect(await publish((await previewSheet(db.web, course)).digest, '', true)).toBe(1);
    const correction = [{ studentId: mine.id, marked: marked(14), was: marked(12) }];
    await recordResults(db.web, course, homeworkId, correction, act('Апелляция'));
    const { digest } = await previewSheet(db.web, course);
    await expect(publish(digest)).rejects.toMatchObject({ code: 'no-reason' });
    expect(await publish(digest, 'Апелляция по первому заданию')).toBe(2);
    const own = await listOwnSheets(db.web, course.id, mine.id);
    expect(own.map(({ sheet, row }) => [sheet.version, row.total, row.studentId])).toEqual([
      [2, 14, mine.id],
      [1, 12, mine.id],
    ]);
    expect((await getPublishedSheet(db.web, course.id, 1)).rows).toHaveLength(2);
    const { rows } = await db.owner.execute(sql`select 1 from mails where recipient in (${a.email}, ${b.email})`);
    expect(rows).toHaveLength(2);
    await expect(db.owner.execute(sql`update course_sheets set body = '{}'`)).rejects.toMatchObject({
      cause: { code: '42501' },
    });
  });

  test('count the project from the reveal on, by team, place and attendance', async () => {
    const competition = await aCompetition(db.owner, {
      submissionsEndAt: hoursFromNow(-2),
      revealsAt: hoursFromNow(1),
    });
    const course = await aCourse(competition.id);
    const { team, people } = await aTeam(db.owner, competition, { people: 2 });
    const [there, away] = people as [TestUser, TestUser];
    await importing(course, entry('1', there.email), entry('2', away.email));
    const fold = { errors: 5, words: 50, interval: null };
    const row = {
      place: 1,
      teamId: team.id,
      team: team.name,
      kind: 'team',
      isGuest: false,
      isUnranked: false,
      members: 2,
      submissionId: 's',
      reason: 'picked',
      private: fold,
      public: fold,
      tied: null,
      beatsBaseline: true,
      pValue: 0.01,
    };
    await db.owner.execute(sql`insert into hidden.result_snapshots (competition_id, version, label_version, body)
      values (${competition.id}, 1, 1, ${JSON.stringify({ at: 'now', labelVersion: 1, ties: null, rows: [row] })})`);
    await db.owner.execute(sql`insert into defence_attendance (competition_id, user_id, attended) values
      (${competition.id}, ${there.id}, true), (${competition.id}, ${away.id}, false)`);
    expect((await previewSheet(db.web, course)).sheet).toMatchObject({
      isComplete: false,
      rows: [{ project: null }, {}],
    });
    await db.owner.execute(sql`update competitions set reveals_at = ${hoursFromNow(-1)} where id = ${competition.id}`);
    const { sheet } = await previewSheet(db.web, course);
    expect(sheet).toMatchObject({
      isComplete: true,
      rows: [
        { project: { points: 40, attendance: 'attended' }, total: 40 },
        { project: { points: 0, attendance: 'absent', place: { points: 20 } }, total: 0 },
      ],
    });
    await db.owner.execute(sql`update defence_attendance set attended = true, override_reason = 'Болезнь'
      where user_id = ${away.id}`);
    expect((await previewSheet(db.web, course)).sheet.rows[1]).toMatchObject({
      project: { points: 40, attendance: 'excused' },
    });
  });
});

test('consent to the shortlist is given and taken back by the student, and the log holds no contact', async () => {
  const course = await aCourse();
  const user = await aUser(db.owner);
  await importing(course, entry('1', user.email));
  const own = (await findOwnStudent(db.web, course.id, user.id))!;
  await expect(giveConsent(db.web, course, own, '  ')).rejects.toMatchObject({ code: 'contact-missing' });
  await giveConsent(db.web, course, own, '@anna_p');
  expect((await listConsents(db.web, course.id)).get(own.id)?.contact).toBe('@anna_p');
  await withdrawConsent(db.web, course, own);
  expect(await findConsent(db.web, own.id)).toBeNull();
  const { rows } = await db.owner.execute(sql`select 1 from events where details::text like '%anna_p%'`);
  expect(rows).toEqual([]);
});
