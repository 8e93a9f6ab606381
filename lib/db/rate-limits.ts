import { and, eq, gt, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { rateLimits } from '#lib/db/schema.ts';
import { TooManyRequestsError } from '#lib/errors.ts';

/** At most `attempts` within `windowSeconds` from the first of them. */
export type Limit = { name: string; attempts: number; windowSeconds: number };

/** One attempt of `subject` under a limit. */
export type Charge = { limit: Limit; subject: string };

/**
 * Counts one attempt, or refuses with the time left. One statement decides, so that ten thousand at once spend no more than one
 * after another. Charge before the work and `refundLimits` where it turns out to be nothing that the limit is about.
 */
export async function chargeLimit(db: Connection, { limit, subject }: Charge): Promise<void> {
  const window = sql`make_interval(secs => ${limit.windowSeconds})`;
  const isOver = sql`spent.window_start + ${window} <= clock_timestamp()`;
  const { rows } = await db.execute(sql`
    insert into rate_limits as spent (key, window_start, count) values (${keyOf(limit, subject)}, clock_timestamp(), 1)
    on conflict (key) do update set
      window_start = case when ${isOver} then clock_timestamp() else spent.window_start end,
      count = case when ${isOver} then 1 else spent.count + 1 end
    where spent.count < ${limit.attempts} or ${isOver}
    returning 1`);
  if (rows.length === 0) throw await refusal(db, limit, subject);
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
    await db
      .update(rateLimits)
      .set({ count: sql`${rateLimits.count} - 1` })
      .where(and(eq(rateLimits.key, keyOf(limit, subject)), gt(rateLimits.count, 0)));
  }
}

async function refusal(db: Connection, limit: Limit, subject: string): Promise<TooManyRequestsError> {
  const rows = await db
    .select({ age: sql<number>`extract(epoch from clock_timestamp() - ${rateLimits.windowStart})::double precision` })
    .from(rateLimits)
    .where(eq(rateLimits.key, keyOf(limit, subject)));
  const secondsLeft = Math.max(1, Math.ceil(limit.windowSeconds - (rows[0]?.age ?? 0)));
  return new TooManyRequestsError('too-many-attempts', secondsLeft, { minutes: Math.ceil(secondsLeft / 60) });
}

function keyOf(limit: Limit, subject: string): string {
  return `${limit.name}:${subject}`;
}
