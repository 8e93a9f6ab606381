import { type ExtractTablesWithRelations, sql } from 'drizzle-orm';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle, type NodePgDatabase, NodePgSession } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
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
 * a receipt is a promise that survives a power cut, whatever the server's default. A process that stands still amid a transaction, or a
 * machine that is gone, holds its locks for a minute and no longer: others wait for them.
 */
export function openDatabase(url: string, options: { connections?: number; name?: string } = {}): Database {
  const pool = new pg.Pool({
    Client: ToleratedClient,
    connectionString: url,
    max: options.connections ?? 10,
    application_name: options.name ?? 'rostrum',
    options: '-c synchronous_commit=on -c TimeZone=UTC -c idle_in_transaction_session_timeout=60000',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that breaks (a restarted server) is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  return Object.assign(drizzle({ client: pool, schema, casing }), { transaction: transactionsOf(pool) });
}

export const casing = 'snake_case';
export const dialect = new PgDialect({ casing });

/**
 * drizzle's own never gives a connection back whose BEGIN has failed. A database that is killed again and again would so take one after
 * another from the pool, until nothing is left of it.
 */
function transactionsOf(pool: pg.Pool): Database['transaction'] {
  return async (work, config) => {
    const client = await pool.connect().catch((error: Error) => {
      // As of any query, so that nobody takes it for the error of another service.
      throw new DrizzleQueryError('begin', [], error);
    });
    try {
      type Relations = ExtractTablesWithRelations<typeof schema>;
      const session = new NodePgSession<typeof schema, Relations>(client, dialect, undefined, {});
      return await session.transaction(work, config);
    } finally {
      client.release();
    }
  };
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
