import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { announce } from '#lib/db/live.ts';
import { defenceDraws, defencePlans, defenceSlots, stages, teams } from '#lib/db/schema.ts';
import { drawOrder, type Lengths, type Slot } from '#lib/defence.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import type { EventKind } from '#lib/event-kinds.ts';
import { moved } from '#lib/moved.ts';

/*
 * The plan of a defence and its slots. Every change names the version of the plan that it was made upon: of two organisers at once the
 * second is told, and nothing that the first did is lost.
 */

export type Plan = Omit<typeof defencePlans.$inferSelect, 'competitionId'>;

export type Slides = { kind: 'file'; name: string; bytes: number } | { kind: 'link'; url: string };

/** A slot with what its team says of the talk. */
export type ProgrammeSlot = Slot & { title: string; description: string; speakers: string[]; slides: Slides | null };

export type Draw = { seed: string; teams: string[]; drawnAt: Date; drawnBy: string | null };

const noPlan: Plan = {
  version: 0,
  startsAt: null,
  talkMinutes: 7,
  questionMinutes: 3,
  warningMinutes: 1,
  talksCloseAt: null,
  programmePublishedAt: null,
  slidesPublishedAt: null,
  pointsForMarks: null,
};

export async function getPlan(db: Connection, competitionId: string): Promise<Plan> {
  const rows = await db.select().from(defencePlans).where(eq(defencePlans.competitionId, competitionId));
  return rows[0] ?? noPlan;
}

/** In their order. A team that is no more is skipped. */
export async function listSlots(db: Connection, competitionId: string): Promise<ProgrammeSlot[]> {
  type Row = Omit<ProgrammeSlot, 'beganAt'> & { beganAt: string | null };
  const { rows } = await db.execute<Row>(sql`
    select s.id, s.minutes, s.is_skipped or t.disbanded_at is not null as "isSkipped", s.began_at as "beganAt",
      case when t.id is not null then json_build_object('id', t.id, 'name', t.name, 'isGuest', t.is_guest) end as team,
      coalesce(k.title, '') as title, coalesce(k.description, '') as description,
      case when k.slides_name is not null
        then json_build_object('kind', 'file', 'name', k.slides_name, 'bytes', k.slides_bytes)
        when k.slides_link is not null then json_build_object('kind', 'link', 'url', k.slides_link) end as slides,
      coalesce((
        select array_agg(p.name order by m.joined_at, m.user_id) from team_members m
        join defence_speakers p on p.user_id = m.user_id and p.competition_id = m.competition_id
        where m.team_id = t.id), '{}') as speakers
    from defence_slots s
    left join teams t on t.id = s.team_id
    left join defence_talks k on k.team_id = t.id
    where s.competition_id = ${competitionId}
    order by s.position`);
  return rows.map((row) => ({ ...row, beganAt: row.beganAt === null ? null : new Date(row.beganAt) }));
}

/** Teams that stand and have no slot, ranked ones first. */
export async function listTeamsWithoutSlot(
  db: Connection,
  competitionId: string,
): Promise<{ id: string; name: string; isGuest: boolean }[]> {
  const { rows } = await db.execute<{ id: string; name: string; isGuest: boolean }>(sql`
    select t.id, t.name, t.is_guest or e.is_ranked is false as "isGuest" from teams t
    left join eligibility_marks e on e.team_id = t.id
    where t.competition_id = ${competitionId} and t.kind = 'team' and t.disbanded_at is null
      and not exists (select from defence_slots s where s.team_id = t.id)
    order by 3, t.name_key, t.id`);
  return rows;
}

export async function listDraws(db: Connection, competitionId: string): Promise<Draw[]> {
  const { rows } = await db.execute<Omit<Draw, 'drawnAt'> & { drawnAt: string }>(sql`
    select d.seed, d.teams, d.drawn_at as "drawnAt", u.name as "drawnBy"
    from defence_draws d left join users u on u.id = d.drawn_by
    where d.competition_id = ${competitionId} order by d.id desc`);
  return rows.map((row) => ({ ...row, drawnAt: new Date(row.drawnAt) }));
}

/** Which defence, the version that the change was made upon, and whose act it is. */
export type Change = Act & { competitionId: string; version: number };

export type PlanSettings = Pick<
  Plan,
  keyof Lengths | 'warningMinutes' | 'startsAt' | 'talksCloseAt' | 'programmePublishedAt' | 'slidesPublishedAt'
>;

export async function changePlan(db: Connection, change: Change, settings: Partial<PlanSettings>): Promise<void> {
  await changing(db, change, 'defence-planned', async (tx) => {
    await tx.update(defencePlans).set(settings).where(eq(defencePlans.competitionId, change.competitionId));
    return settings;
  });
}

/** What full marks are worth; null for nothing. */
export async function setPointsForMarks(db: Connection, change: Change, pointsForMarks: number | null): Promise<void> {
  await changing(db, change, 'points-for-marks-set', async (tx) => {
    await tx.update(defencePlans).set({ pointsForMarks }).where(eq(defencePlans.competitionId, change.competitionId));
    return { pointsForMarks };
  });
}

/** At the end, in the order of their names; who has a slot by now keeps it. NotFoundError where a team is none of this competition. */
export async function addTeams(db: Connection, change: Change, teamIds: readonly string[]): Promise<void> {
  const { competitionId } = change;
  await changing(db, change, 'talks-added', async (tx) => {
    const own = await tx.select({ id: teams.id }).from(teams).where(eq(teams.competitionId, competitionId));
    const stranger = teamIds.find((teamId) => !own.some(({ id }) => id === teamId));
    if (stranger !== undefined) throw new NotFoundError('team', stranger);
    const free = (await listTeamsWithoutSlot(tx, competitionId)).filter(({ id }) => teamIds.includes(id));
    const next = (await orderOf(tx, competitionId)).length;
    const added = free.map(({ id }, i) => ({ competitionId, teamId: id, position: next + i }));
    if (added.length > 0) await tx.insert(defenceSlots).values(added);
    return { teams: free.map(({ id }) => id) };
  });
}

export async function addBreak(db: Connection, change: Change, minutes: number): Promise<void> {
  const { competitionId } = change;
  await changing(db, change, 'break-added', async (tx) => {
    const position = (await orderOf(tx, competitionId)).length;
    await tx.insert(defenceSlots).values({ competitionId, position, minutes });
    return { minutes };
  });
}

/** Puts a slot where another one stood; those between make room. */
export async function moveSlot(db: Connection, change: Change, slotId: string, to: number): Promise<void> {
  await changing(db, change, 'slot-moved', async (tx) => {
    const order = await orderOf(tx, change.competitionId);
    const from = order.indexOf(slotId);
    if (from < 0) throw new NotFoundError('slot', slotId);
    await writeOrder(tx, moved(order, from, to));
    return { slot: slotId, from, to };
  });
}

/** A skipped slot keeps its place and loses its time. */
export async function skipSlot(db: Connection, change: Change, slotId: string, isSkipped: boolean): Promise<void> {
  const kind = isSkipped ? 'slot-skipped' : 'slot-unskipped';
  await changing(db, change, kind, (tx) => updateSlot(tx, change, slotId, { isSkipped }));
}

/** Null: a talk as long as all. */
export async function setSlotMinutes(
  db: Connection,
  change: Change,
  slotId: string,
  minutes: number | null,
): Promise<void> {
  await changing(db, change, 'slot-length-set', (tx) => updateSlot(tx, change, slotId, { minutes }));
}

/** Refuses 'slot-on-stage'. */
export async function removeSlot(db: Connection, change: Change, slotId: string): Promise<void> {
  const { competitionId } = change;
  await changing(db, change, 'slot-removed', async (tx) => {
    const shown = await tx.select({ id: stages.slotId }).from(stages).where(eq(stages.slotId, slotId));
    if (shown.length > 0) throw new RefusedError('slot-on-stage', 409);
    const own = and(eq(defenceSlots.id, slotId), eq(defenceSlots.competitionId, competitionId));
    const { teamId } = one(await tx.delete(defenceSlots).where(own).returning(), 'slot', slotId);
    await writeOrder(tx, await orderOf(tx, competitionId));
    return { slot: slotId, team: teamId };
  });
}

/**
 * Draws the order of all talks; breaks stay where they are. Refuses 'defence-begun' once a talk has begun, and 'nothing-to-draw'. Every
 * draw is kept with its seed and the names as they were.
 */
export async function drawTalks(db: Connection, change: Change, seed: string): Promise<void> {
  const { competitionId, actorId } = change;
  await changing(db, change, 'order-drawn', async (tx) => {
    const slots = await listSlots(tx, competitionId);
    if (slots.some(({ beganAt }) => beganAt !== null)) throw new RefusedError('defence-begun', 409);
    const talks = slots.flatMap(({ id, team }) => (team === null ? [] : [{ id, name: team.name }]));
    if (talks.length < 2) throw new RefusedError('nothing-to-draw', 409);
    const drawn = drawOrder(seed, talks);
    let next = 0;
    await writeOrder(
      tx,
      slots.map((slot) => (slot.team === null ? slot.id : drawn[next++]!.id)),
    );
    const names = drawn.map(({ name }) => name);
    await tx
      .insert(defenceDraws)
      .values({ competitionId, seed, teams: names, drawnBy: actorId, drawnAt: await readClock(tx) });
    return { seed };
  });
}

/** Locks the plan, compares its version, and writes what `act` returns beside the event. Refuses 'defence-changed'. */
async function changing(
  db: Connection,
  { competitionId, version, actorId }: Change,
  kind: EventKind,
  act: (tx: Connection) => Promise<Record<string, unknown>>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(defencePlans).values({ competitionId }).onConflictDoNothing();
    const own = eq(defencePlans.competitionId, competitionId);
    const plan = one(await tx.select().from(defencePlans).where(own).for('update'), 'competition', competitionId);
    if (plan.version !== version) throw new RefusedError('defence-changed', 409);
    const details = await act(tx);
    await tx
      .update(defencePlans)
      .set({ version: version + 1 })
      .where(own);
    await recordEvent(tx, { actorId, competitionId, kind, subject: competitionId, details });
    await announce(tx, competitionId);
  });
}

async function updateSlot(
  tx: Connection,
  { competitionId }: Change,
  slotId: string,
  values: { isSkipped: boolean } | { minutes: number | null },
): Promise<Record<string, unknown>> {
  const own = and(eq(defenceSlots.id, slotId), eq(defenceSlots.competitionId, competitionId));
  // Only a talk may be without a length of its own.
  const fitting =
    'minutes' in values && values.minutes === null ? and(own, sql`${defenceSlots.teamId} is not null`) : own;
  one(await tx.update(defenceSlots).set(values).where(fitting).returning(), 'slot', slotId);
  return { slot: slotId, ...values };
}

async function orderOf(tx: Connection, competitionId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: defenceSlots.id })
    .from(defenceSlots)
    .where(eq(defenceSlots.competitionId, competitionId))
    .orderBy(asc(defenceSlots.position));
  return rows.map(({ id }) => id);
}

async function writeOrder(tx: Connection, ids: readonly string[]): Promise<void> {
  await tx.execute(sql`
    update defence_slots s set position = o.place - 1
    from unnest(${`{${ids.join()}}`}::uuid[]) with ordinality as o(id, place)
    where s.id = o.id and s.position <> o.place - 1`);
}

/** The team as somebody may look at its talk, whether it has a slot or not. */
export async function findTalkingTeam(
  db: Connection,
  competitionId: string,
  teamId: string,
): Promise<{ id: string; name: string } | null> {
  const own = and(eq(teams.competitionId, competitionId), eq(teams.kind, 'team'), isNull(teams.disbandedAt));
  const rows = await db
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(and(own, eq(teams.id, teamId)));
  return rows[0] ?? null;
}
