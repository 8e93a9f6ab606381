import { createHash } from 'node:crypto';
import { expect } from '@playwright/test';
import { eq, inArray, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { publishAnnouncement } from '#lib/db/announcements.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { saveHomework } from '#lib/db/course-programme.ts';
import { importRoster, listStudents } from '#lib/db/course-roster.ts';
import { createCourse, publishCourse } from '#lib/db/courses.ts';
import { addTeams, changePlan, getPlan } from '#lib/db/defence.ts';
import { createEveningLink } from '#lib/db/evening-links.ts';
import { createInvite } from '#lib/db/invites.ts';
import { addCriterion } from '#lib/db/jury.ts';
import { saveCard } from '#lib/db/method-cards.ts';
import { answerQuestion, askQuestion } from '#lib/db/questions.ts';
import { findReveal, pressReveal } from '#lib/db/reveals.ts';
import { submissions, users } from '#lib/db/schema.ts';
import { pressStage } from '#lib/db/stage.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { saveTalk } from '#lib/db/talks.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { emptyCard } from '#lib/method-card.ts';
import {
  aCompetition,
  aDevSplit,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  devUtterances,
  hoursFromNow,
} from '../builders.ts';
import { aMember, ofThisTry, origin, ownerDatabase, type TestPerson } from './people.ts';

/*
 * An installation in which every page has something to show: a competition under way, one on whose stage a team talks, one whose
 * result is revealed, and a course.
 */

export type Role = 'nobody' | 'member' | 'organiser' | 'stage' | 'juror';

export type Furnished = {
  people: Record<'member' | 'organiser', TestPerson>;
  /** What opens the pages of the evening. */
  links: Record<'stage' | 'juror', string>;
  /** What stands in braces in an address of `every-page.ts`. */
  places: Record<string, string>;
};

const act = { actorId: null };
const mailed = { ...act, site: 'https://rostrum.example' };
const names = ['Фонема', 'Акустики', 'Шум и речь'];

type Contest = { competition: Competition; teams: { id: string; captain: { id: string } }[] };

export async function aFurnishedPlace(name: string): Promise<Furnished> {
  const owner = ownerDatabase();
  const [member, organiser] = [await aMember({ name: 'Максим Громов' }), await aMember({ name: 'Ольга' })];
  const idOf = async ({ email }: TestPerson) =>
    (await owner.select({ id: users.id }).from(users).where(eq(users.email, email)))[0]!.id;
  await owner.update(users).set({ isAdministrator: true }).where(eq(users.email, organiser.email));
  const [open, talking, revealed] = [
    await aContest(ofThisTry(name), await idOf(member)),
    await aContest(ofThisTry(`${name}-talk`), null),
    await aContest(ofThisTry(`${name}-end`), null),
  ];
  const sent = await sendFiles(open, await idOf(member));
  await sendFiles(revealed, revealed.teams[0]!.captain.id);
  await arrange(open.competition, await idOf(member));
  await pressStage(owner, talking.competition.id, { command: 'next', version: 0 }, { actorId: await idOf(organiser) });
  const course = await furnishCourse(open.competition, member);
  const allScored = async () => {
    const ids = [open, revealed].map(({ competition }) => competition.id);
    const rows = await owner.select().from(submissions).where(inArray(submissions.competitionId, ids));
    return rows.every(({ state }) => state === 'scored');
  };
  await expect.poll(allScored, { timeout: 40_000 }).toBe(true);
  await reveal(revealed.competition);
  const linkTo = async (role: 'stage' | 'juror') => {
    const given = { role, name: 'Света', expiresAt: hoursFromNow(5) };
    const token = await createEveningLink(owner, talking.competition.id, given, act);
    return `${origin()}/${role === 'stage' ? 'stage' : 'jury'}/${token}`;
  };
  return {
    people: { member, organiser },
    links: { stage: await linkTo('stage'), juror: await linkTo('juror') },
    places: {
      ...{ open: open.competition.slug, talking: talking.competition.slug, revealed: revealed.competition.slug },
      ...{
        team: open.teams[0]!.id,
        invite: (await createInvite(owner, open.competition.id, await idOf(member))).token,
      },
      ...sent,
      ...course,
    },
  };
}

/** Three teams with talks; `member` is the first one's captain where given. */
async function aContest(slug: string, member: string | null): Promise<Contest> {
  const owner = ownerDatabase();
  const texts = {
    briefRu: 'Распознайте **речь**.\n\n## Что дано\n\n- записи\n- базовое решение',
    briefEn: 'Recognise **speech**.',
  };
  const given = { slug, ...texts, rulesRu: '# Правила\n\nЧестная игра.', rulesEn: '# Rules\n\nFair play.' };
  const competition = await aTestSplit(owner, await aCompetition(owner, { ...given, defenceAt: hoursFromNow(2) }));
  const teams: Contest['teams'] = [];
  for (const [i, name] of names.entries()) {
    const { team, people } = await aTeam(owner, competition, { name, people: 2 });
    const captain = { id: people[0]!.id };
    if (i === 0 && member !== null) {
      await owner.execute(sql`update team_members set user_id = ${member} where user_id = ${captain.id}`);
      await owner.execute(sql`update rule_acceptances set user_id = ${member} where user_id = ${captain.id}`);
      await owner.execute(sql`update teams set captain_id = ${member} where id = ${team.id}`);
      captain.id = member;
    }
    teams.push({ id: team.id, captain });
    await saveTalk(owner, competition.id, captain.id, {
      title: `Речь о «${name}»`,
      description: 'Три вещи, которые **не сработали**.',
      slidesLink: null,
    });
  }
  const change = { competitionId: competition.id, version: 0, ...act };
  await addTeams(
    owner,
    change,
    teams.map(({ id }) => id),
  );
  for (const nameRu of ['Ясность', 'Новизна']) {
    await addCriterion(owner, competition.id, { nameRu, nameEn: nameRu, highest: 10 }, act);
  }
  return { competition, teams };
}

/** Of every team one for test, the baseline's, and one for dev of the first team. */
async function sendFiles(
  { competition, teams }: Contest,
  member: string,
): Promise<{ submission: string; dev: string }> {
  const owner = ownerDatabase();
  await aDevSplit(owner, competition);
  const bytes = aPredictionsFile(undefined, 20, 'база');
  await pinBaseline(
    owner,
    competition.id,
    {
      ...{ name: 'Базовое решение', fileName: 'baseline.csv', note: 'Как есть', codeLink: null, split: 'test' },
      ...{ bytes, sha256: createHash('sha256').update(bytes).digest(), parsed: { format: 'csv', warnings: [] } },
    },
    act,
  );
  const sent: string[] = [];
  for (const [i, { captain }] of teams.entries()) {
    const file = { bytes: aPredictionsFile(undefined, 4 + 8 * i), note: 'Луч пошире' };
    sent.push((await createSubmission(owner, anUpload(competition, captain, file))).submission.id);
  }
  const forDev = { split: 'dev', bytes: aPredictionsFile(devUtterances, 3), fileName: 'dev.csv' } as const;
  const dev = await createSubmission(owner, anUpload(competition, { id: member }, forDev));
  return { submission: sent[0]!, dev: dev.submission.id };
}

/** News, a question that is answered and one that is not, a card, and a programme that is published. */
async function arrange(competition: Competition, member: string): Promise<void> {
  const owner = ownerDatabase();
  const news = { titleRu: 'Данные поправлены', titleEn: 'Data mended', bodyRu: 'Скачайте **ещё раз**.', bodyEn: '' };
  await publishAnnouncement(owner, competition, { ...news, byMail: false }, mailed);
  const asked = await askQuestion(owner, competition.id, member, 'Можно ли внешние данные?');
  await answerQuestion(
    owner,
    competition,
    { id: asked.id, seen: null },
    { answer: 'Можно, **с указанием** источника.', publicBody: 'Можно ли внешние данные?' },
    mailed,
  );
  await askQuestion(owner, competition.id, member, 'А на чём учить?');
  await saveCard(owner, competition.id, member, { ...emptyCard });
  const { version } = await getPlan(owner, competition.id);
  await changePlan(owner, { competitionId: competition.id, version, ...act }, { programmePublishedAt: new Date() });
}

async function furnishCourse(competition: Competition, member: TestPerson): Promise<{ student: string }> {
  const owner = ownerDatabase();
  const about = { nameRu: 'Нейронные сети', nameEn: 'Neural networks', timeZone: 'Europe/Moscow' };
  const given = { ...about, slug: competition.slug, competitionId: competition.id };
  const course = await createCourse(owner, given, act);
  await publishCourse(owner, course, act);
  const address = parseEmailAddress(member.email)!;
  const student = { studentNumber: '1', name: 'Максим Громов', groupName: 'Б05', address };
  await importRoster(owner, course, [student], act);
  const homework = { titleRu: 'Первое', titleEn: 'First', link: null, maxPoints: 20 };
  const times = { handedOutAt: hoursFromNow(-24), softAt: hoursFromNow(24), hardAt: hoursFromNow(48) };
  await saveHomework(owner, course, null, { ...homework, ...times }, act);
  return { student: (await listStudents(owner, course.id))[0]!.id };
}

/** Closed a moment ago, with every step open. */
async function reveal({ id }: Competition): Promise<void> {
  const owner = ownerDatabase();
  const now = new Date(Date.now() - 1000);
  const times = { submissionsEndAt: now, teamChangesEndAt: now, registrationEndsAt: now, revealsAt: now };
  await updateCompetition(owner, id, times, { ...act, reason: 'the end' });
  await expect
    .poll(
      () =>
        pressReveal(owner, id, { move: 'all', expected: 0 }, act).then(
          () => true,
          () => false,
        ),
      { timeout: 40_000 },
    )
    .toBe(true);
  expect((await findReveal(owner, id))?.position).toBeGreaterThan(0);
}
