import type { Competition } from '#lib/competition.ts';
import type { RosterEntry } from '#lib/course/roster-file.ts';
import { type Connection, type Database, readClock } from '#lib/db/client.ts';
import { saveHomework, saveLecture } from '#lib/db/course-programme.ts';
import { grantExtension, recordResults } from '#lib/db/course-results.ts';
import { findOwnStudent, importRoster, listStudents } from '#lib/db/course-roster.ts';
import { previewSheet, publishSheet } from '#lib/db/course-sheets.ts';
import { type Course, createCourse, findCourse, publishCourse, updateCourseTexts } from '#lib/db/courses.ts';
import { giveConsent } from '#lib/db/shortlist.ts';
import type { User } from '#lib/db/users.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { addDays, fromLocalInput, localDay } from '#lib/time.ts';
import { type DemoHomework, demoAbout, demoHomeworks, demoLectures, demoMarks, demoStudents } from './course-texts.ts';

/*
 * A small course around the demo's competition. Its students are the captains of the demo's teams, and two who have no account.
 */

export const demoCourseSlug = 'demo-course';

type People = { organiser: User; captains: readonly (User | null)[] };

/** Made once, whole or not at all; whatever is done with it afterwards stays. */
export async function ensureDemoCourse(db: Database, competition: Competition, people: People): Promise<void> {
  if ((await findCourse(db, demoCourseSlug)) !== null) return;
  await db.transaction(async (tx) => {
    const act = { actorId: people.organiser.id, reason: '', site: '' };
    const named = {
      slug: demoCourseSlug,
      nameRu: 'Нейронные сети в распознавании речи',
      nameEn: 'Neural networks for speech',
    };
    const { timeZone, id: competitionId } = competition;
    const course = await createCourse(tx, { ...named, timeZone, competitionId, isDemo: true }, act);
    await updateCourseTexts(tx, course, { nameRu: named.nameRu, nameEn: named.nameEn, ...demoAbout }, act);
    await publishCourse(tx, course, act);
    const now = await readClock(tx);
    const homeworkIds = await makeProgramme(tx, course, now, act);
    await importRoster(tx, course, rosterOf(people.captains), act);
    await recordAll(tx, course, homeworkIds[0]!, now, act);
    await consentOfFirst(tx, course, people.captains);
    const { digest } = await previewSheet(tx, course);
    await publishSheet(tx, course.id, { digest, byMail: false }, act);
  });
}

type Act = { actorId: string; reason: string; site: string };

/** Deadlines lie around the day on which the demo is first started, at one minute to midnight. */
async function makeProgramme(tx: Connection, course: Course, now: Date, act: Act): Promise<string[]> {
  const ids: string[] = [];
  for (const homework of demoHomeworks) {
    ids.push(await saveHomework(tx, course, null, typedHomework(homework, course, now), act));
  }
  for (const { day, homework, isProject, ...texts } of demoLectures) {
    const heldAt = localTime(now, day, '18:00', course.timeZone);
    const homeworkId = homework === null ? null : ids[homework]!;
    await saveLecture(tx, course, null, { ...texts, heldAt, homeworkId, isProject }, act);
  }
  return ids;
}

function typedHomework({ handedOutDay, titleRu, titleEn }: DemoHomework, { timeZone }: Course, now: Date) {
  return {
    titleRu,
    titleEn,
    link: null,
    maxPoints: 20,
    handedOutAt: localTime(now, handedOutDay, '18:00', timeZone),
    softAt: localTime(now, handedOutDay + 14, '23:59', timeZone),
    hardAt: localTime(now, handedOutDay + 28, '23:59', timeZone),
  };
}

function rosterOf(captains: readonly (User | null)[]): RosterEntry[] {
  return demoStudents.map(({ studentNumber, name, groupName }, i) => {
    const email = captains[i]?.email ?? `student-${i + 1}@demo.example`;
    return { studentNumber, name, groupName, address: parseEmailAddress(email)! };
  });
}

/** Marks of the first homework: in time, late by days, too late, extended, missing. */
async function recordAll(tx: Connection, course: Course, homeworkId: string, now: Date, act: Act): Promise<void> {
  const students = new Map((await listStudents(tx, course.id)).map((student) => [student.studentNumber, student.id]));
  const first = demoHomeworks[0]!.handedOutDay;
  const typed = demoMarks.map(({ studentNumber, points, day, time }) => {
    const handedInAt = localTime(now, first + day, time, course.timeZone);
    return { studentId: students.get(studentNumber)!, was: null, marked: { points, handedInAt } };
  });
  await recordResults(tx, course, homeworkId, typed, act);
  const which = { homeworkId, studentId: students.get(demoStudents[3]!.studentNumber)! };
  const deadlines = {
    softAt: localTime(now, first + 18, '23:59', course.timeZone),
    hardAt: localTime(now, first + 28, '23:59', course.timeZone),
  };
  await grantExtension(tx, course, which, deadlines, { ...act, reason: 'Болезнь, справка показана' });
}

async function consentOfFirst(tx: Connection, course: Course, captains: readonly (User | null)[]): Promise<void> {
  const [captain] = captains;
  const own = captain ? await findOwnStudent(tx, course.id, captain.id) : null;
  if (own !== null) await giveConsent(tx, course, own, 'captain-1@demo.example');
}

function localTime(now: Date, day: number, time: string, timeZone: string): Date {
  return fromLocalInput(`${localDay(addDays(now, day, timeZone), timeZone)} ${time}`, timeZone)!;
}
