import { eq, sql } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { createCourse } from '#lib/db/courses.ts';
import { createIdentity } from '#lib/db/identities.ts';
import { createInvite } from '#lib/db/invites.ts';
import { flagLabel } from '#lib/db/label-flags.ts';
import { saveMailChoices } from '#lib/db/mail-choices.ts';
import { createMailLink } from '#lib/db/mail-links.ts';
import { createMail } from '#lib/db/mails.ts';
import { answerQuestion, askQuestion } from '#lib/db/questions.ts';
import { chargeLimit } from '#lib/db/rate-limits.ts';
import {
  courseSheetRows,
  courseSheets,
  courseStudents,
  defenceAttendance,
  defenceSpeakers,
  methodCards,
  shortlistConsents,
  teamMembers,
  teams,
} from '#lib/db/schema.ts';
import { createSession } from '#lib/db/sessions.ts';
import { saveTalk } from '#lib/db/talks.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { mailsToAddress } from '#lib/identity/limits.ts';
import { aUser, type TestUser } from './builders.ts';
import { aContest, type Contest, scoreAll, send } from './contest.ts';
import type { TestDatabase } from './db.ts';

export const site = 'https://rostrum.example.org';
export const knownName = 'Канарейка <O’Кеннеди> & Ко';
export const knownEmail = 'Canary.Bird@example.org';
const name = knownName;
const email = knownEmail;
/** By any of which the person is known. */
export const needles = [name, email, 'canary.bird', 'канарейка', 'github.com/canary'];

/** Somebody who has done everything by which a name or an address gets into the database. */
export async function aWellKnownPerson(db: TestDatabase): Promise<Contest & { canary: TestUser; mate: TestUser }> {
  const contest = await aContest(db, { teamSize: 4, dailyQuota: 50 });
  const { competition, team, author: mate } = contest;
  const canary = await aUser(db.owner, { email, emailKey: email.toLowerCase(), name, passwordHash: 'hash' });
  const competitionId = competition.id;
  await db.owner.insert(teamMembers).values({ teamId: team.id, userId: canary.id, competitionId });
  await db.owner.execute(sql`insert into rule_acceptances (competition_id, user_id, rules_version)
    values (${competitionId}, ${canary.id}, ${competition.rulesVersion})`);
  await db.owner.update(teams).set({ captainId: canary.id }).where(eq(teams.id, team.id));
  await createSession(db.web, {
    userId: canary.id,
    userAgent: 'Canary.Bird@example.org in a browser',
    network: '10.0.0.1',
  });
  await createApiToken(db.web, canary.id, { name: 'канарейка', scopes: ['read'], days: null });
  await createIdentity(db.web, canary.id, { provider: 'university', subject: 'canary.bird' });
  await createMailLink(db.web, { purpose: 'sign-in', email: email.toLowerCase(), userId: canary.id, language: 'ru' });
  await chargeLimit(db.web, { limit: mailsToAddress, subject: email.toLowerCase() });
  await createInvite(db.web, competitionId, canary.id);
  const { id } = await askQuestion(db.web, competitionId, canary.id, `Это ${name}, а где данные?`);
  const answer = { answer: `${name}, вот они.`, publicBody: `${name} спрашивает, где данные` };
  await answerQuestion(db.web, competition, { id, seen: null }, answer, { actorId: null, site });
  await flagLabel(db.web, team, { utteranceId: 'u1', note: `слышал ${name}` }, canary.id);
  const about = { fileName: 'канарейка.csv', note: `от ${name}`, codeLink: 'https://github.com/canary/asr' };
  await send(db, { competition, author: canary }, 2, { ...about, idempotencyKey: `${email} 1` });
  await scoreAll(db);
  await saveMailChoices(db.web, canary.id, {
    refused: ['phases'],
    mutes: [{ id: competitionId, isMuted: true }],
  });
  await grantRole(db.owner, competitionId, canary.id, 'assistant', { actorId: null });
  await takePart(db, { competition, team }, canary);
  return { ...contest, canary, mate };
}

/** In the defence and in a course. */
async function takePart(
  db: TestDatabase,
  { competition, team }: Pick<Contest, 'competition' | 'team'>,
  { id }: TestUser,
): Promise<void> {
  const competitionId = competition.id;
  const mail = { recipient: email, userId: id, language: 'ru', subject: 'Курс', text: name, html: name } as const;
  await createMail(db.web, mail);
  const names = { nameRu: 'Курс', nameEn: 'Course', timeZone: 'Europe/Moscow', competitionId: null };
  const course = await createCourse(
    db.owner,
    { slug: `course-${competitionId.slice(0, 8)}`, ...names },
    { actorId: null },
  );
  const [student] = await db.owner
    .insert(courseStudents)
    .values({
      courseId: course.id,
      studentNumber: '17',
      name: 'А. Б.',
      email,
      emailKey: email.toLowerCase(),
      userId: id,
    })
    .returning();
  const studentId = student!.id;
  await db.owner.insert(shortlistConsents).values({ studentId, contact: email });
  await db.owner.insert(courseSheets).values({ courseId: course.id, version: 1, body: '{}' });
  await db.owner.insert(courseSheetRows).values({ courseId: course.id, version: 1, studentId, body: '{}' });
  await saveTalk(db.web, competitionId, id, { title: 'Доклад', description: '', slidesLink: null });
  await db.owner.insert(defenceSpeakers).values({ competitionId, userId: id, name });
  await db.owner.insert(defenceAttendance).values({ competitionId, userId: id, attended: true });
  await db.owner.insert(methodCards).values({ teamId: team.id, editedBy: id });
}
