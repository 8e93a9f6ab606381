import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { TooManyRequestsError } from '#lib/errors.ts';

/** At most `attempts` in each window of `windowSeconds`. */
export type Limit = { name: string; attempts: number; windowSeconds: number };

/** One attempt of `subject` under a limit. */
export type Charge = { limit: Limit; subject: string };

/**
 * Counts one attempt, or refuses with the time left. One statement decides, so that ten thousand at once spend no more than one
 * after another. Charge before the work and `refund` where it turns out to be nothing that the limit is about.
 */
export async function chargeLimit(db: Connection, { limit, subject }: Charge): Promise<void> {
  const { rows } = await db.execute<{ charged: boolean; secondsLeft: number }>(sql`
    with open_window as (
      select date_bin(make_interval(secs => ${limit.windowSeconds}), clock_timestamp(), 'epoch') as window_start
    ), charge as (
      insert into rate_limits as spent (key, window_start, count)
      select ${keyOf(limit, subject)}, window_start, 1 from open_window
      on conflict (key, window_start) do update set count = spent.count + 1 where spent.count < ${limit.attempts}
      returning 1
    )
    select exists (select from charge) as charged,
      ceil(extract(epoch from window_start - clock_timestamp()) + ${limit.windowSeconds}::integer)::integer as "secondsLeft"
    from open_window`);
  const { charged, secondsLeft } = rows[0]!;
  if (!charged)
    throw new TooManyRequestsError('too-many-attempts', secondsLeft, { minutes: Math.ceil(secondsLeft / 60) });
}

/** All charges or none. */
export async function chargeLimits(db: Connection, charges: readonly Charge[]): Promise<void> {
  const done: Charge[] = [];
  try {
    for (const charge of charges) {
      await chargeLimit(db, charge);
      done.push(charge);
    }
  } catch (error) {
    await refundLimits(db, done);
    throw error;
  }
}

/** Takes back what was charged for attempts that turned out well. */
export async function refundLimits(db: Connection, charges: readonly Charge[]): Promise<void> {
  for (const { limit, subject } of charges) {
    await db.execute(sql`
      update rate_limits set count = count - 1
      where key = ${keyOf(limit, subject)} and count > 0
        and window_start = date_bin(make_interval(secs => ${limit.windowSeconds}), clock_timestamp(), 'epoch')`);
  }
}

/** Windows that closed two days ago decide nothing any more, and their keys name people. */
export async function deleteClosedWindows(db: Connection): Promise<void> {
  await db.execute(sql`delete from rate_limits where window_start < clock_timestamp() - interval '2 days'`);
}

function keyOf(limit: Limit, subject: string): string {
  return `${limit.name}:${subject}`;
}
