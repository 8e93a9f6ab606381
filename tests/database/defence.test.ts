import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import {
  addBreak,
  addTeams,
  type Change,
  changePlan,
  drawTalks,
  getPlan,
  listDraws,
  listSlots,
  listTeamsWithoutSlot,
  moveSlot,
  removeSlot,
  skipSlot,
} from '#lib/db/defence.ts';
import { defenceSlots, events, stages, teams } from '#lib/db/schema.ts';
import { getStageView, pressStage, readTalkNews } from '#lib/db/stage.ts';
import type { Team } from '#lib/db/teams.ts';
import { log } from '#lib/log.ts';
import type { Command } from '#lib/stage.ts';
import { aCompetition, aTeam, aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aServer, follow, type TestServer } from '../server.ts';
import { eventually } from '../workers.ts';

let db: TestDatabase;
let server: TestServer;
let organiser: { id: string };
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  server = await aServer(db);
  organiser = await aUser(db.owner);
});
afterAll(() => server.close());

/** A competition with so many teams, all of which talk, in the order of their names. */
async function aDefence(count = 4): Promise<{ competition: Competition; talking: Team[] }> {
  const competition = await aCompetition(db.owner);
  const talking: Team[] = [];
  for (let i = 0; i < count; i += 1) talking.push((await aTeam(db.owner, competition, { name: `Team ${i + 1}` })).team);
  const ids = talking.map(({ id }) => id);
  if (count > 0) await addTeams(db.web, await changeOf(competition), ids);
  return { competition, talking };
}

async function changeOf({ id }: Competition): Promise<Change> {
  return { actorId: organiser.id, competitionId: id, version: (await getPlan(db.web, id)).version };
}

async function orderIn({ id }: Competition): Promise<(string | null)[]> {
  return (await listSlots(db.web, id)).map(({ team }) => team?.name ?? null);
}

async function kindsIn({ id }: Competition): Promise<string[]> {
  const rows = await db.owner
    .select({ kind: events.kind })
    .from(events)
    .where(eq(events.competitionId, id))
    .orderBy(events.id);
  return rows.map(({ kind }) => kind);
}

async function press({ id }: Competition, command: Command, version?: number): Promise<void> {
  const seen = version ?? (await getStageView(db.web, id)).stage.version;
  await pressStage(db.web, id, { command, version: seen }, { actorId: organiser.id });
}

describe('the programme', () => {
  test('is arranged by moves, breaks and removals, and every act is in the log', async () => {
    const { competition } = await aDefence(3);
    await addBreak(db.web, await changeOf(competition), 10);
    const slots = await listSlots(db.web, competition.id);
    await moveSlot(db.web, await changeOf(competition), slots[3]!.id, 1);
    await moveSlot(db.web, await changeOf(competition), slots[0]!.id, 99);
    expect(await orderIn(competition)).toEqual([null, 'Team 2', 'Team 3', 'Team 1']);
    await removeSlot(db.web, await changeOf(competition), slots[1]!.id);
    await skipSlot(db.web, await changeOf(competition), slots[2]!.id, true);
    expect(await orderIn(competition)).toEqual([null, 'Team 3', 'Team 1']);
    expect((await listTeamsWithoutSlot(db.web, competition.id)).map(({ name }) => name)).toEqual(['Team 2']);
    expect((await listSlots(db.web, competition.id))[1]).toMatchObject({ isSkipped: true, minutes: null });
    expect(await kindsIn(competition)).toEqual([
      'talks-added',
      'break-added',
      'slot-moved',
      'slot-moved',
      'slot-removed',
      'slot-skipped',
    ]);
  });

  test('of two organisers who change it at once keeps the first one’s change, and tells the second', async () => {
    const { competition } = await aDefence();
    const slots = await listSlots(db.web, competition.id);
    const change = await changeOf(competition);
    const outcomes = await Promise.allSettled([
      moveSlot(db.web, change, slots[0]!.id, 3),
      moveSlot(db.web, change, slots[3]!.id, 0),
      drawTalks(db.web, change, 'seed'),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'defence-changed' });
    }
    expect((await kindsIn(competition)).slice(1)).toHaveLength(1);
    // Whoever was second looks again, and then it works.
    await moveSlot(db.web, await changeOf(competition), slots[0]!.id, 0);
    expect((await orderIn(competition))[0]).toBe('Team 1');
    expect(new Set(await orderIn(competition)).size).toBe(4);
  });

  test('is drawn as often as it takes, with every draw on record, until the first talk has begun', async () => {
    const { competition } = await aDefence(6);
    await addBreak(db.web, await changeOf(competition), 10);
    await drawTalks(db.web, await changeOf(competition), 'one');
    const first = await orderIn(competition);
    await drawTalks(db.web, await changeOf(competition), 'two');
    await drawTalks(db.web, await changeOf(competition), 'one');
    expect(await orderIn(competition)).toEqual(first);
    expect(first[6]).toBeNull();
    const draws = await listDraws(db.web, competition.id);
    expect(draws.map(({ seed }) => seed)).toEqual(['one', 'two', 'one']);
    expect(draws[0]!.teams).toEqual(first.slice(0, 6));
    await press(competition, 'next');
    await press(competition, 'start');
    const late = drawTalks(db.web, await changeOf(competition), 'three');
    await expect(late).rejects.toMatchObject({ code: 'defence-begun' });
    const nothing = await aDefence(1);
    await expect(drawTalks(db.web, await changeOf(nothing.competition), 'x')).rejects.toMatchObject({
      code: 'nothing-to-draw',
    });
  });

  test('skips a team that is no more, and gives no team two talks', async () => {
    const { competition, talking } = await aDefence(2);
    await db.owner.update(teams).set({ disbandedAt: new Date(), captainId: null }).where(eq(teams.id, talking[0]!.id));
    expect((await listSlots(db.web, competition.id)).map(({ isSkipped }) => isSkipped)).toEqual([true, false]);
    await addTeams(
      db.web,
      await changeOf(competition),
      talking.map(({ id }) => id),
    );
    expect(await orderIn(competition)).toHaveLength(2);
  });
});

describe('the stage', () => {
  test('goes one talk ahead where two press at once, and tells the second', async () => {
    const { competition } = await aDefence();
    await press(competition, 'next');
    const pressed = await Promise.allSettled([press(competition, 'next', 1), press(competition, 'next', 1)]);
    expect(pressed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(pressed.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'stage-moved' } });
    const { stage, slots } = await getStageView(db.web, competition.id);
    expect([stage.version, stage.slotId]).toEqual([2, slots[1]!.id]);
    expect((await kindsIn(competition)).filter((kind) => kind === 'stage-pressed')).toHaveLength(2);
  });

  test('keeps its clock as instants, and remembers when a talk first began', async () => {
    const { competition } = await aDefence();
    const slotOf = async () => (await listSlots(db.web, competition.id))[0]!;
    for (const command of ['next', 'start', 'more'] as const) await press(competition, command);
    const began = (await slotOf()).beganAt!;
    for (const command of ['pause', 'start'] as const) await press(competition, command);
    expect((await slotOf()).beganAt).toEqual(began);
    const { stage } = await getStageView(db.web, competition.id);
    expect(stage).toMatchObject({ isShown: true, part: 'talk', allottedMs: 8 * 60_000 });
    expect(Math.abs(stage.runningSince!.getTime() - Date.now())).toBeLessThan(10_000);
    await expect(press(competition, 'start')).rejects.toMatchObject({ code: 'stage-idle' });
  });

  test('lets nobody take its slot out of the programme, and no other competition’s', async () => {
    const { competition } = await aDefence(2);
    const other = await aDefence(1);
    await press(competition, 'next');
    const [first, second] = await listSlots(db.web, competition.id);
    await expect(removeSlot(db.web, await changeOf(competition), first!.id)).rejects.toMatchObject({
      code: 'slot-on-stage',
    });
    const elsewhere = removeSlot(db.web, await changeOf(other.competition), second!.id);
    await expect(elsewhere).rejects.toMatchObject({ code: 'not-found' });
    await removeSlot(db.web, await changeOf(competition), second!.id);
    expect(
      await db.owner.select().from(defenceSlots).where(eq(defenceSlots.competitionId, competition.id)),
    ).toHaveLength(1);
  });

  test('is told to everybody who follows within a second, and nothing of it while the hall sees the board', async () => {
    const { competition } = await aDefence();
    const reader = await follow(server.origin, competition);
    const told = () => reader.events.filter(({ name }) => name === 'talk');
    await eventually(5, async () => told().length === 1);
    expect(JSON.parse(told()[0]!.data)).toEqual({ isShown: false });
    const pressedAt = performance.now();
    await press(competition, 'next');
    await eventually(5, async () => told().length === 2);
    expect(told()[1]!.at - pressedAt).toBeLessThan(1000);
    expect(JSON.parse(told()[1]!.data)).toEqual({
      isShown: true,
      part: 'talk',
      team: 'Team 1',
      endsAt: null,
      leftMs: 7 * 60_000,
      next: 'Team 2',
    });
    await press(competition, 'board');
    await eventually(5, async () => told().length === 3);
    expect(told()[2]!.data).not.toContain('Team');
    // A change of the plan may change who is next.
    await changePlan(db.web, await changeOf(competition), { talkMinutes: 9 });
    await eventually(5, async () => told().length === 4);
    const versions = told().map(({ id }) => Number(id.replace('talk-', '')));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    reader.close();
  });

  test('says nothing before there is a defence', async () => {
    expect(await readTalkNews(db.web, await aCompetition(db.owner))).toBeNull();
  });

  test('belongs to its own competition, in the table too', async () => {
    const { competition } = await aDefence(1);
    await press(competition, 'next');
    const rows = await db.owner
      .select()
      .from(stages)
      .where(and(eq(stages.competitionId, competition.id), eq(stages.isShown, true)));
    expect(rows).toHaveLength(1);
  });
});
