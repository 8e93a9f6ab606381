import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import {
  findAttendance,
  listAttendance,
  overrideAttendance,
  recordAttendance,
  withdrawOverride,
} from '#lib/db/attendance.ts';
import { addTeams, changePlan, getPlan, listSlots } from '#lib/db/defence.ts';
import {
  createEveningLink,
  type EveningGuest,
  type EveningRole,
  findEveningGuest,
  listEveningLinks,
  openEveningLink,
  revokeEveningLink,
} from '#lib/db/evening-links.ts';
import { addCriterion, listCriteria, listMarks, listSheets, removeCriterion, saveSheet } from '#lib/db/jury.ts';
import { eveningLinks, events } from '#lib/db/schema.ts';
import { getTalk, listSpeakers, saveSlides, saveSpeaker, saveTalk } from '#lib/db/talks.ts';
import { countingWrongTokens } from '#lib/identity/limits.ts';
import { log } from '#lib/log.ts';
import { aCompetition, aTeam, aUser, hoursFromNow } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let organiser: { id: string };
let act: { actorId: string };
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  organiser = await aUser(db.owner);
  act = { actorId: organiser.id };
});

async function aDefence(count = 2) {
  const competition = await aCompetition(db.owner);
  const talking = [];
  for (let i = 0; i < count; i += 1) talking.push(await aTeam(db.owner, competition, { people: 2 }));
  await addTeams(
    db.web,
    { ...act, competitionId: competition.id, version: 0 },
    talking.map(({ team }) => team.id),
  );
  return { competition, talking };
}

function link(
  { id }: Competition,
  role: EveningRole,
  given: { name?: string; expiresAt?: Date } = {},
): Promise<string> {
  return createEveningLink(db.web, id, { role, name: 'Гость', expiresAt: hoursFromNow(5), ...given }, act);
}

async function aJuror(competition: Competition, name: string): Promise<EveningGuest> {
  return openEveningLink(db.web, await link(competition, 'juror', { name }), 'juror');
}

describe('a link for one evening', () => {
  test('opens what it was made for, again and again, and keeps its token nowhere', async () => {
    const competition = await aCompetition(db.owner);
    const token = await link(competition, 'stage', { name: 'Света у сцены' });
    expect(token.length).toBeGreaterThanOrEqual(43);
    const guest = await openEveningLink(db.web, token, 'stage');
    expect(guest).toMatchObject({ competitionId: competition.id, role: 'stage', name: 'Света у сцены' });
    const [first] = await listEveningLinks(db.web, competition.id);
    await openEveningLink(db.web, token, 'stage');
    expect(await listEveningLinks(db.web, competition.id)).toEqual([first]);
    expect(first!.openedAt).not.toBeNull();
    const stored = await db.owner.select().from(eveningLinks).where(eq(eveningLinks.competitionId, competition.id));
    const logged = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
    expect(JSON.stringify([stored, logged])).not.toContain(token);
    // Who it is for is no business of a log that keeps for good.
    expect(JSON.stringify(logged)).not.toContain('Света');
  });

  test('opens nothing else, nothing once revoked, and nothing once it has expired', async () => {
    const competition = await aCompetition(db.owner);
    const [revoked, expired, live] = [
      await link(competition, 'juror'),
      await link(competition, 'juror'),
      await link(competition, 'juror'),
    ];
    const [first, second] = await listEveningLinks(db.web, competition.id);
    await revokeEveningLink(db.web, competition.id, first!.id, act);
    await db.owner
      .update(eveningLinks)
      .set({ expiresAt: hoursFromNow(-0.01) })
      .where(eq(eveningLinks.id, second!.id));
    expect(await findEveningGuest(db.web, revoked, 'juror')).toBeNull();
    expect(await findEveningGuest(db.web, expired, 'juror')).toBeNull();
    expect(await findEveningGuest(db.web, live, 'stage')).toBeNull();
    // The control: it is not the way of asking.
    expect(await findEveningGuest(db.web, live, 'juror')).not.toBeNull();
    await expect(revokeEveningLink(db.web, competition.id, first!.id, act)).rejects.toMatchObject({
      code: 'not-found',
    });
    const other = await aCompetition(db.owner);
    const live3 = (await listEveningLinks(db.web, competition.id))[2]!;
    await expect(revokeEveningLink(db.web, other.id, live3.id, act)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('cannot be made for an evening that is over', async () => {
    const competition = await aCompetition(db.owner);
    const past = link(competition, 'stage', { expiresAt: hoursFromNow(-1) });
    await expect(past).rejects.toMatchObject({ code: 'link-expires' });
  });

  test('cannot be guessed for long', async () => {
    const guess = () =>
      countingWrongTokens(db.web, '192.0.2.7', () => openEveningLink(db.web, `guess-${Math.random()}`, 'stage'));
    const codes: string[] = [];
    for (let i = 0; i < 205; i += 1) await guess().catch((error) => codes.push(error.code));
    expect(codes.slice(0, 200).every((code) => code === 'not-found')).toBe(true);
    expect(codes.slice(200)).toEqual(Array(5).fill('too-many-attempts'));
  });
});

describe('jurors', () => {
  test('write and read their own marks, and organisers read all', async () => {
    const { competition, talking } = await aDefence();
    const [{ team }, { team: second }] = [talking[0]!, talking[1]!];
    for (const highest of [10, 5])
      await addCriterion(db.web, competition.id, { nameRu: 'Ясность', nameEn: 'Clarity', highest }, act);
    const [clear, fresh] = await listCriteria(db.web, competition.id);
    const [one, two] = [await aJuror(competition, 'Первая'), await aJuror(competition, 'Второй')];
    await saveSheet(db.web, one, team.id, { marks: { [clear!.id]: 7 }, comment: 'хорошо' });
    await saveSheet(db.web, one, team.id, { marks: { [clear!.id]: 8, [fresh!.id]: 5 }, comment: 'лучше' });
    await saveSheet(db.web, two, second.id, { marks: { [clear!.id]: 1 }, comment: '' });
    expect([...(await listSheets(db.web, one))]).toEqual([
      [team.id, { marks: { [clear!.id]: 8, [fresh!.id]: 5 }, comment: 'лучше' }],
    ]);
    expect([...(await listSheets(db.web, two)).keys()]).toEqual([second.id]);
    const said = await listMarks(db.web, competition.id);
    expect(said.marks.map(({ mark }) => mark).sort()).toEqual([1, 5, 8]);
    expect(said.comments).toHaveLength(1);
    await removeCriterion(db.web, competition.id, fresh!.id, act);
    expect((await listMarks(db.web, competition.id)).marks.map(({ mark }) => mark).sort()).toEqual([1, 8]);
  });

  test('mark within the scale, by criteria and teams of their own competition, while their link opens', async () => {
    const { competition, talking } = await aDefence(1);
    const other = await aDefence(1);
    await addCriterion(db.web, competition.id, { nameRu: 'Я', nameEn: 'C', highest: 10 }, act);
    const [criterion] = await listCriteria(db.web, competition.id);
    const juror = await aJuror(competition, 'Первая');
    const teamId = talking[0]!.team.id;
    const sheet = (mark: number, id = criterion!.id) => ({ marks: { [id]: mark }, comment: '' });
    for (const mark of [0, 11, -1]) {
      await expect(saveSheet(db.web, juror, teamId, sheet(mark))).rejects.toMatchObject({ code: 'mark-range' });
    }
    const elsewhere = other.talking[0]!.team.id;
    await expect(saveSheet(db.web, juror, elsewhere, sheet(5))).rejects.toMatchObject({ code: 'not-found' });
    await expect(saveSheet(db.web, juror, teamId, sheet(5, organiser.id))).rejects.toMatchObject({ code: 'not-found' });
    await revokeEveningLink(db.web, competition.id, juror.linkId, act);
    await expect(saveSheet(db.web, juror, teamId, sheet(5))).rejects.toMatchObject({ code: 'not-found' });
    expect((await listMarks(db.web, competition.id)).marks).toEqual([]);
  });
});

describe('attendance', () => {
  test('is nobody’s until they are ticked, and two who tick at once tick once', async () => {
    const { competition, talking } = await aDefence(1);
    const [first, second] = talking[0]!.people;
    const tick = () => recordAttendance(db.web, competition.id, first!.id, true, act);
    await Promise.all([tick(), tick(), tick()]);
    const [team] = await listAttendance(db.web, competition.id);
    expect(team!.members.map(({ userId, attended }) => [userId, attended])).toEqual([
      [first!.id, true],
      [second!.id, false],
    ]);
    const ticked = await db.owner.select().from(events).where(eq(events.kind, 'attendance-recorded'));
    expect(ticked.filter(({ competitionId }) => competitionId === competition.id)).toHaveLength(1);
    const stranger = recordAttendance(db.web, competition.id, organiser.id, true, act);
    await expect(stranger).rejects.toMatchObject({ code: 'not-found' });
  });

  test('is decided otherwise with a reason, which no tick changes', async () => {
    const { competition, talking } = await aDefence(1);
    const { id: userId } = talking[0]!.people[0]!;
    const overrule = (reason: string) => overrideAttendance(db.web, competition.id, userId, true, { ...act, reason });
    await expect(overrule(' ')).rejects.toMatchObject({ code: 'no-reason' });
    await overrule('спросили по связи');
    expect(await findAttendance(db.web, competition.id, userId)).toEqual({
      attended: true,
      overrideReason: 'спросили по связи',
    });
    const untick = () => recordAttendance(db.web, competition.id, userId, false, act);
    await expect(untick()).rejects.toMatchObject({ code: 'attendance-overridden' });
    await withdrawOverride(db.web, competition.id, userId, { ...act, reason: 'ошибка' });
    expect(await findAttendance(db.web, competition.id, userId)).toEqual({ attended: false, overrideReason: null });
    await recordAttendance(db.web, competition.id, userId, true, act);
    const kinds = await db.owner
      .select({ kind: events.kind, reason: events.reason })
      .from(events)
      .where(eq(events.subject, userId))
      .orderBy(events.id);
    expect(kinds).toEqual([
      { kind: 'attendance-overridden', reason: 'спросили по связи' },
      { kind: 'attendance-override-withdrawn', reason: 'ошибка' },
      { kind: 'attendance-recorded', reason: '' },
    ]);
  });
});

describe('a talk', () => {
  const talk = { title: 'Шум', description: '', slidesLink: null };

  test('is edited by any member until the organisers’ instant, and by nobody else', async () => {
    const { competition, talking } = await aDefence();
    const { team, people } = talking[0]!;
    for (const { id } of people) await saveTalk(db.web, competition.id, id, talk);
    const slides = { sha256: Buffer.alloc(32, 7), bytes: 1000, name: 'talk.pdf' };
    await saveSlides(db.web, competition.id, people[1]!.id, slides);
    expect(await getTalk(db.web, team.id)).toMatchObject({ ...talk, slides });
    await expect(saveTalk(db.web, competition.id, organiser.id, talk)).rejects.toMatchObject({ code: 'team' });
    const { version } = await getPlan(db.web, competition.id);
    await changePlan(db.web, { ...act, competitionId: competition.id, version }, { talksCloseAt: hoursFromNow(-1) });
    await expect(saveTalk(db.web, competition.id, people[0]!.id, talk)).rejects.toMatchObject({ code: 'talk-closed' });
    await expect(saveSlides(db.web, competition.id, people[0]!.id, null)).rejects.toMatchObject({
      code: 'talk-closed',
    });
  });

  test('names people as each of them wants, and whoever wants no name stays without one, at any time', async () => {
    const { competition, talking } = await aDefence(1);
    const { team, people } = talking[0]!;
    expect((await listSlots(db.web, competition.id))[0]!.speakers).toEqual([]);
    await saveSpeaker(db.web, competition.id, people[0]!.id, 'Анна Ёлкина');
    await saveSpeaker(db.web, competition.id, people[0]!.id, 'А. Ёлкина');
    await saveSpeaker(db.web, competition.id, people[1]!.id, 'Пётр');
    expect((await listSlots(db.web, competition.id))[0]!.speakers).toEqual(['А. Ёлкина', 'Пётр']);
    await saveSpeaker(db.web, competition.id, people[1]!.id, '');
    expect((await listSpeakers(db.web, team.id)).map(({ name }) => name)).toEqual(['А. Ёлкина', null]);
  });
});
