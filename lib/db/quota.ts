import { sql } from 'drizzle-orm';
import { type Competition, quotaDay, quotaResetsAt } from '#lib/competition.ts';
import { extraAttemptsOf } from '#lib/db/adjustments.ts';
import type { Connection } from '#lib/db/client.ts';
import { prepareSql } from '#lib/db/prepared.ts';
import { TooManyRequestsError } from '#lib/errors.ts';

/*
 * Attempts of a team on one day of its competition. Attempts follow people: charged to a team are its own and those its members
 * made elsewhere that day. The counter only grows from there, so that leaving gives nothing back. The limit is that of the rules and
 * what organisers agreed with the team.
 */

export type Quota = { used: number; limit: number; resetsAt: Date };

export async function getQuota(db: Connection, competition: Competition, teamId: string, now: Date): Promise<Quota> {
  const day = quotaDay(competition, now);
  const { rows } = await db.execute<{ used: number; extra: number }>(sql`
    select greatest(${chargesOf(teamId, day)}, (select used from quota_days where team_id = ${teamId} and day = ${day})) as used,
      ${extraAttemptsOf(teamId, day)} as extra`);
  const { used = 0, extra = 0 } = rows[0] ?? {};
  return { used, limit: competition.dailyQuota + extra, resetsAt: quotaResetsAt(competition, now) };
}

type Attempt = { teamId: string; day: string; dailyQuota: number };

/** On a day whose counter there is: it holds all that is charged. */
const takeAttempt = prepareSql<Attempt, { used: number; limit: number }>(
  'take-attempt',
  (place) => sql`
    update quota_days counter set used = counter.used + 1
    from (select ${place('dailyQuota')}::integer + ${extraAttemptsOf(place('teamId'), place('day'))} as "limit") allowed
    where counter.team_id = ${place('teamId')} and counter.day = ${place('day')} and counter.used < allowed."limit"
    returning counter.used, allowed."limit"`,
);

/** The first of a day, or none where there is none left. */
async function takeFirstAttempt(tx: Connection, { teamId, day, dailyQuota }: Attempt) {
  // The guard stands in the update itself: of many at once, each sees the row as the one before left it.
  const { rows } = await tx.execute<{ used: number; limit: number }>(sql`
    with day as materialized (
      select ${chargesOf(teamId, day)} as used, ${dailyQuota}::integer + ${extraAttemptsOf(teamId, day)} as "limit")
    insert into quota_days as counter (team_id, day, used)
    select ${teamId}, ${day}, day.used + 1 from day where day.used < day."limit"
    on conflict (team_id, day) do update set used = greatest(counter.used + 1, excluded.used)
      where counter.used < (select "limit" from day)
    returning used, (select "limit" from day) as "limit"`);
  return rows;
}

/** Takes one attempt of the day of `instant`, or refuses with the instant of the next. For the transaction that stores the attempt. */
export async function chargeQuota(
  tx: Connection,
  competition: Competition,
  teamId: string,
  instant: Date,
): Promise<{ day: string; quota: Quota }> {
  const day = quotaDay(competition, instant);
  const attempt = { teamId, day, dailyQuota: competition.dailyQuota };
  const charged = (await takeAttempt(tx, attempt))[0] ?? (await takeFirstAttempt(tx, attempt))[0];
  if (charged !== undefined) return { day, quota: { ...charged, resetsAt: quotaResetsAt(competition, instant) } };
  const { limit, resetsAt } = await getQuota(tx, competition, teamId, instant);
  const waitSeconds = (resetsAt.getTime() - instant.getTime()) / 1000;
  throw new TooManyRequestsError('quota', waitSeconds, {
    limit,
    resetsAt: resetsAt.toISOString(),
    timeZone: competition.timeZone,
  });
}

/** Brings the team's counter of `day` up to what its people have used. Call it when somebody joins. */
export async function carryQuota(tx: Connection, teamId: string, day: string): Promise<void> {
  await tx.execute(sql`
    insert into quota_days (team_id, day, used) values (${teamId}, ${day}, ${chargesOf(teamId, day)})
    on conflict (team_id, day) do update set used = greatest(quota_days.used, excluded.used)`);
}

/**
 * Gives back the attempt that a submission was charged: to its team and to the teams its people are in now, whose counters
 * carry it too. Returns whether there was one.
 */
export async function refundQuota(tx: Connection, submissionId: string): Promise<boolean> {
  const { rows } = await tx.execute<{ day: string; teamId: string }>(sql`
    with charged as (select id, quota_day from submissions where id = ${submissionId} and quota_day is not null)
    update submissions s set quota_day = null from charged where s.id = charged.id
    returning charged.quota_day::text as day, s.team_id as "teamId"`);
  const charge = rows[0];
  if (charge === undefined) return false;
  await tx.execute(sql`
    update quota_days set used = used - 1
    where day = ${charge.day} and used > 0 and team_id in (
      select ${charge.teamId}::uuid
      union
      select m.team_id from submission_people p
      join submissions s on s.id = p.submission_id
      join team_members m on m.user_id = p.user_id and m.competition_id = s.competition_id
      where p.submission_id = ${submissionId})`);
  return true;
}

/**
 * Attempts that two teams and their people of now were charged since the submissions opened, each counted once; and how many the
 * first alone was allowed in that time, its agreements included.
 */
export async function countAttemptsToDate(
  db: Connection,
  competition: Competition,
  teamId: string,
  otherId: string,
  now: Date,
): Promise<{ used: number; allowed: number }> {
  const last = quotaDay(competition, now < competition.submissionsEndAt ? now : competition.submissionsEndAt);
  const first = quotaDay(competition, competition.submissionsStartAt);
  const { rows } = await db.execute<{ used: number; allowed: number }>(sql`
    with days as (select greatest(0, ${last}::date - ${first}::date + 1) as count)
    select
      (select count(*)::integer from submissions s
        where s.competition_id = ${competition.id} and s.quota_day is not null and (
          s.team_id in (${teamId}, ${otherId})
          or exists (
            select from submission_people p join team_members m on m.user_id = p.user_id
            where p.submission_id = s.id and m.team_id in (${teamId}, ${otherId})))) as used,
      (select days.count * (${competition.dailyQuota}::integer + coalesce(sum(attempts) filter (where day is null), 0))
          + coalesce(sum(attempts) filter (where day <= ${last}::date), 0)
        from team_adjustments where team_id = ${teamId} and kind = 'attempts' and revoked_at is null)::integer
        as allowed
    from days`);
  return rows[0] ?? { used: 0, allowed: 0 };
}

/** Charged attempts of the day: the team's own, and those its members of now took part in anywhere in the competition. */
function chargesOf(teamId: string, day: string) {
  return sql`(
    select count(*)::integer from (
      select id from submissions where team_id = ${teamId} and quota_day = ${day}
      union
      select s.id from team_members m
      join submission_people p on p.user_id = m.user_id
      join submissions s on s.id = p.submission_id and s.competition_id = m.competition_id
      where m.team_id = ${teamId} and s.quota_day = ${day}
    ) charged)`;
}
