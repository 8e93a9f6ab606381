import { sql } from 'drizzle-orm';
import { beginUpload } from '#lib/archive-uploads.ts';
import type { Competition } from '#lib/competition.ts';
import { grantAttempts } from '#lib/db/adjustments.ts';
import { publishAnnouncement } from '#lib/db/announcements.ts';
import { createArchiveUpload } from '#lib/db/archive-uploads.ts';
import { overrideAttendance } from '#lib/db/attendance.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import type { Database } from '#lib/db/client.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { saveHomework, saveLecture } from '#lib/db/course-programme.ts';
import { grantExtension } from '#lib/db/course-results.ts';
import { importRoster, listStudents } from '#lib/db/course-roster.ts';
import { createCourse, publishCourse } from '#lib/db/courses.ts';
import { addBreak, addTeams, listSlots } from '#lib/db/defence.ts';
import { createEveningLink } from '#lib/db/evening-links.ts';
import { createIdentity } from '#lib/db/identities.ts';
import { createInvite } from '#lib/db/invites.ts';
import { addCriterion, listCriteria } from '#lib/db/jury.ts';
import { addAuditOutput } from '#lib/db/label-audits.ts';
import { askQuestion } from '#lib/db/questions.ts';
import { createRoleInvite } from '#lib/db/role-invites.ts';
import { createSession } from '#lib/db/sessions.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { saveSlides, saveSpeaker } from '#lib/db/talks.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { hashPassword } from '#lib/identity/password-hash.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import {
  aCompetition,
  aDevSplit,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  hoursFromNow,
} from '../../builders.ts';
import { aPdf } from '../../pdf-files.ts';
import type { TestStack } from '../../stack.ts';

/*
 * A competition in which there is one of everything that an act can be about, and the ids by which acts name it. Two of them are alike but
 * for these ids, so that what is somebody else's can stand where one's own would.
 */

/** By the word that acts use: an id, an address or a name. */
export type Ids = Readonly<Record<string, string>>;
export type Person = { userId: string } | { cookie: string };
/** Somebody who does what they may, and by which ids. */
export type Side = { ids: Ids; captain: Person; organiser: Person; juror: Person; helper: Person };

export const password = 'лодка на тихой воде';
const act = { actorId: null, reason: 'for the test', site: 'https://rostrum.example' };
const both = (ru: string, en: string) => ({ titleRu: ru, titleEn: en });

/** A team of three whose captain has files, links, sessions and a token. */
export async function aFurnishedTeam(owner: Database, competition: Competition): Promise<{ userId: string; ids: Ids }> {
  const { team, people } = await aTeam(owner, competition, { people: 3 });
  const [captain, mate, third] = [people[0]!, people[1]!, people[2]!];
  const userId = captain.id;
  await owner.execute(sql`update users set password_hash = ${await hashPassword(password)} where id = ${userId}`);
  const subject = `subject-of-${userId}`;
  await createIdentity(owner, userId, { provider: 'https://id.example.org', subject });
  await createInvite(owner, competition.id, userId);
  await createApiToken(owner, userId, { name: 'notebook', scopes: ['read'], days: null });
  const session = await createSession(owner, { userId, userAgent: 'phone', network: '127.0.0.1' });
  const bytes = aPredictionsFile();
  const { submission } = await createSubmission(owner, anUpload(competition, captain, { bytes }));
  await saveSpeaker(owner, competition.id, userId, 'Анна Петрова');
  await askQuestion(owner, competition.id, userId, 'Сколько попыток?');
  const theirs = {
    invite: await idIn(owner, 'team_invites', sql`team_id = ${team.id}`),
    token: await idIn(owner, 'api_tokens', sql`user_id = ${userId}`),
    question: await idIn(owner, 'questions', sql`asker_id = ${userId}`),
  };
  const named = { team: team.id, captain: userId, email: captain.email, mate: mate.id, third: third.id };
  return { userId, ids: { ...named, ...theirs, subject, session, submission: submission.id } };
}

export async function anEvent({ home }: TestStack, owner: Database, slug: string): Promise<Side> {
  const opened = await aCompetition(owner, { slug, dailyQuota: 100, mapping: [{ from: 'ок', to: 'окей' }] });
  const competition = await aTestSplit(owner, opened);
  await aDevSplit(owner, competition);
  const { id: competitionId } = competition;
  const [organiser, assistant] = [await aUser(owner), await aUser(owner)];
  await grantRole(owner, competitionId, organiser.id, 'organiser', act);
  await grantRole(owner, competitionId, assistant.id, 'assistant', act);
  const captain = await aFurnishedTeam(owner, competition);
  const second = (await aTeam(owner, competition)).team.id;
  const ofTeam = { competitionId, teamId: captain.ids.team! };
  await saveSlides(owner, competitionId, captain.userId, {
    ...(await storeRecording(inFolder(home), aPdf())),
    name: 'talk.pdf',
  });
  await grantAttempts(owner, ofTeam, { attempts: 2, day: null }, act);
  const text = { ...both('Начало', 'It begins'), bodyRu: 'Сегодня.', bodyEn: 'Today.', byMail: false };
  const { id: news } = await publishAnnouncement(owner, competition, text, act);
  const invited = {
    address: parseEmailAddress(`new-${slug}@example.org`)!,
    role: 'assistant',
    language: 'ru',
  } as const;
  await createRoleInvite(owner, competition, invited, act);
  const upload = { competitionId, requestedBy: organiser.id, fileName: 'speech.zip', bytes: 1000 };
  const { id: archive } = await createArchiveUpload(owner, upload);
  await beginUpload(inFolder(home), archive, upload.bytes, 0);
  await addAuditOutput(owner, competitionId, { name: 'x.csv', format: 'csv', content: aPredictionsFile() }, act);
  const baseline = { ...anUpload(competition, organiser, { bytes: aPredictionsFile(undefined, 3) }), name: 'Baseline' };
  await pinBaseline(owner, competitionId, baseline, act);
  const evening = await aFurnishedDefence(owner, competition, [captain.ids.team!, second], captain.ids.mate!);
  const course = await aFurnishedCourse(owner, { slug, competitionId, email: captain.ids.email! });
  const ids = {
    ...{ slug, competition: competitionId, assistant: assistant.id, second, news, archive, ...captain.ids },
    ...{ ...evening.ids, ...course },
    adjustment: await idIn(owner, 'team_adjustments', sql`team_id = ${ofTeam.teamId}`),
    roleInvite: await idIn(owner, 'role_invites', sql`competition_id = ${competitionId}`),
    failed: await aFailedFile(owner, competitionId, second),
    auditFile: await idIn(owner, 'hidden.audit_outputs', sql`competition_id = ${competitionId}`),
  };
  const people = { captain: { userId: captain.userId }, organiser: { userId: organiser.id } };
  return { ids, ...people, juror: evening.juror, helper: evening.helper };
}

/** A programme of two talks and a break, a criterion, a link of each kind, and somebody who is said to have been there. */
async function aFurnishedDefence(owner: Database, { id }: Competition, teams: readonly string[], absent: string) {
  await addTeams(owner, { ...act, competitionId: id, version: 0 }, teams);
  await addBreak(owner, { ...act, competitionId: id, version: 1 }, 10);
  await addCriterion(owner, id, { nameRu: 'Ясность', nameEn: 'Clarity', highest: 10 }, act);
  await overrideAttendance(owner, id, absent, true, act);
  const link = async (role: 'juror' | 'stage') => {
    const token = await createEveningLink(owner, id, { role, name: 'Игорь', expiresAt: hoursFromNow(12) }, act);
    return { cookie: `rostrum-${role}=${token}` };
  };
  const [juror, helper] = [await link('juror'), await link('stage')];
  const slot = (await listSlots(owner, id))[0]!.id;
  const criterion = (await listCriteria(owner, id))[0]!.id;
  const linkId = await idIn(owner, 'evening_links', sql`competition_id = ${id} and role = 'stage'`);
  return { ids: { slot, criterion, link: linkId, absent }, juror, helper };
}

/** A course with a homework that nobody handed in, a lecture, and a student who has longer. */
async function aFurnishedCourse(owner: Database, on: { slug: string; competitionId: string; email: string }) {
  const { slug, competitionId, email } = on;
  const names = { nameRu: 'Курс', nameEn: 'Course', timeZone: 'Europe/Moscow' };
  const course = await createCourse(owner, { ...names, slug, competitionId }, act);
  await publishCourse(owner, course, act);
  const roster = [
    { studentNumber: '1', name: 'Анна', groupName: '', address: parseEmailAddress(email)! },
    { studentNumber: '2', name: 'Пётр', groupName: '', address: parseEmailAddress(`student-${slug}@example.org`)! },
  ];
  await importRoster(owner, course, roster, act);
  const students = await listStudents(owner, course.id);
  const [own, other] = [students[0]!, students[1]!];
  const dates = { handedOutAt: hoursFromNow(-24), softAt: hoursFromNow(24), hardAt: hoursFromNow(48) };
  const homework = await saveHomework(
    owner,
    course,
    null,
    { ...both('Первое', 'First'), link: null, maxPoints: 20, ...dates },
    act,
  );
  const lecture = {
    ...both('Лекция', 'Lecture'),
    heldAt: hoursFromNow(1),
    materials: [],
    homeworkId: null,
    isProject: false,
  };
  await saveLecture(owner, course, null, lecture, act);
  const longer = { softAt: hoursFromNow(36), hardAt: hoursFromNow(60) };
  await grantExtension(owner, course, { homeworkId: homework, studentId: own.id }, longer, act);
  return {
    ...{ course: course.id, homework, student: own.id, otherStudent: other.id },
    lecture: await idIn(owner, 'course_lectures', sql`course_id = ${course.id}`),
    extension: await idIn(owner, 'homework_extensions', sql`student_id = ${own.id}`),
  };
}

async function aFailedFile(owner: Database, competitionId: string, teamId: string): Promise<string> {
  await owner.execute(sql`
    insert into submissions (competition_id, team_id, split, state, attempt, failure, received_at, finished_at, bytes, sha256)
    values (${competitionId}, ${teamId}, 'dev', 'failed', 3, 'internal', now(), now(), 1, sha256(${teamId}))`);
  return idIn(owner, 'submissions', sql`team_id = ${teamId}`);
}

async function idIn(owner: Database, table: string, where: ReturnType<typeof sql>): Promise<string> {
  const { rows } = await owner.execute<{ id: string }>(sql`select id from ${sql.raw(table)} where ${where} limit 1`);
  return rows[0]!.id;
}
