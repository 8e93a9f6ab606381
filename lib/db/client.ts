import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from '#lib/db/schema.ts';
import { NotFoundError } from '#lib/errors.ts';

export type Database = NodePgDatabase<typeof schema> & { $client: pg.Pool };
/** A database or a transaction on it: what every query function takes first. */
export type Connection = Pick<
  Database,
  'select' | 'selectDistinct' | 'selectDistinctOn' | 'insert' | 'update' | 'delete' | 'execute' | 'transaction'
>;

/**
 * A connection that may break when nobody waits for an answer: between two queries of a transaction it is out of its pool's care, and
 * an error without a listener would end the process. The next query tells.
 */
export class ToleratedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}

/**
 * A pool on `url`; the role in the address decides what its owner may see. `synchronous_commit` is set on every connection:
 * a receipt is a promise that survives a power cut, whatever the server's default.
 */
export function openDatabase(url: string, options: { connections?: number; name?: string } = {}): Database {
  const pool = new pg.Pool({
    Client: ToleratedClient,
    connectionString: url,
    max: options.connections ?? 10,
    application_name: options.name ?? 'rostrum',
    options: '-c synchronous_commit=on -c TimeZone=UTC',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that breaks (a restarted server) is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  return drizzle({ client: pool, schema, casing: 'snake_case' });
}

/** The instant that rules read: the database's clock, moved by the installation's offset. */
export async function readClock(db: Connection): Promise<Date> {
  const { rows } = await db.execute<{ now: Date }>(sql`select rostrum_now() as now`);
  return new Date(rows[0]!.now);
}

/** The only row of a query that must find one; `kind` and `id` name what was looked for. */
export function one<Row>(rows: readonly Row[], kind: string, id: string): Row {
  const row = rows[0];
  if (row === undefined) throw new NotFoundError(kind, id);
  return row;
}

/** The name of the violated constraint where `error` is a PostgreSQL refusal, else null. */
export function violatedConstraint(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof pg.DatabaseError) return cause.constraint ?? null;
  }
  return null;
}
