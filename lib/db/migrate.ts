import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export type MigrationOutcome =
  | { status: 'migrated'; applied: string[] }
  /** A file that was applied reads differently now. Nothing was changed. */
  | { status: 'edited'; name: string }
  /** The database knows a migration that this code does not. Nothing was changed. */
  | { status: 'newer'; name: string };

type Migration = { name: string; sha256: string; sql: string };

/** A file that PostgreSQL refused, with the line where it did. Nothing of the upgrade was kept. */
export class MigrationError extends Error {
  /** The file, with the line where there is one. */
  readonly place: string;
  readonly reason: string;

  constructor(name: string, line: number | null, cause: Error) {
    const place = `migrations/${name}${line === null ? '' : `:${line}`}`;
    super(`${place}: ${cause.message}`, { cause });
    this.name = 'MigrationError';
    this.place = place;
    this.reason = cause.message;
  }
}

// Any number would do, as long as every Rostrum uses the same.
export const migrationLock = 7_678_673_886;

/** Runs `act` while no other process changes the schema: what many start at once they do one after the other. */
/** Several processes may start at once, and what they make for all is made by one after another. */
export async function withoutOtherMigrators<Result>(
  ownerUrl: string,
  act: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'rostrum-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    return await act(client);
  } finally {
    // Ends the session, and with it the lock, and a transaction that was not committed.
    await client.end();
  }
}

/**
 * Applies what `folder` holds and the database of `ownerUrl` does not have yet, in the order of their numbers and in one
 * transaction: where one file is refused, the former version goes on. Several processes may migrate at once: they wait for each other.
 */
export async function migrate(ownerUrl: string, folder: string): Promise<MigrationOutcome> {
  const migrations = readMigrations(folder);
  return withoutOtherMigrators(ownerUrl, async (client) => {
    const done = await readApplied(client);
    const known = new Map(migrations.map(({ name, sha256 }) => [name, sha256]));
    for (const [name, sha256] of done) {
      if (!known.has(name)) return { status: 'newer', name };
      if (known.get(name) !== sha256) return { status: 'edited', name };
    }
    const pending = migrations.filter(({ name }) => !done.has(name));
    await client.query('begin');
    for (const migration of pending) await execute(client, migration);
    // The web says on /readyz whether this is done.
    await client.query('grant select on rostrum_migrations to rostrum_web');
    await client.query('commit');
    return { status: 'migrated', applied: pending.map(({ name }) => name) };
  });
}

/**
 * Brings an empty database to where another was that had applied `wanted`, in the transaction of `client`. Changes nothing where a file
 * is not the same here.
 */
export async function migrateTo(
  client: pg.Client,
  folder: string,
  wanted: readonly Pick<Migration, 'name' | 'sha256'>[],
): Promise<MigrationOutcome> {
  const known = new Map(readMigrations(folder).map((migration) => [migration.name, migration]));
  for (const { name, sha256 } of wanted) {
    if (!known.has(name)) return { status: 'newer', name };
    if (known.get(name)!.sha256 !== sha256) return { status: 'edited', name };
  }
  await createRecord(client);
  for (const { name } of wanted) await execute(client, known.get(name)!);
  return { status: 'migrated', applied: wanted.map(({ name }) => name) };
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const numbers = new Map<string, string>();
  return names.map((name) => {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
    if (number === undefined) throw new Error(`migrations/${name} is not named like 0001_what_it_does.sql`);
    const other = numbers.get(number);
    if (other !== undefined) throw new Error(`migrations/${other} and migrations/${name} have the same number`);
    numbers.set(number, name);
    const sql = readFileSync(join(folder, name), 'utf8');
    return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  await createRecord(client);
  const { rows } = await client.query<{ name: string; sha256: string }>(
    'select name, sha256 from rostrum_migrations order by name',
  );
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

async function createRecord(client: pg.Client): Promise<void> {
  await client.query(`
    create table if not exists rostrum_migrations (
      name text primary key,
      sha256 text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`);
}

async function execute(client: pg.Client, { name, sha256, sql }: Migration): Promise<void> {
  try {
    await client.query(sql);
    await client.query('insert into rostrum_migrations (name, sha256) values ($1, $2)', [name, sha256]);
  } catch (error) {
    throw new MigrationError(name, lineOf(error, sql), error as Error);
  }
}

function lineOf(error: unknown, sql: string): number | null {
  if (!(error instanceof pg.DatabaseError) || error.position === undefined) return null;
  return sql.slice(0, Number(error.position)).split('\n').length;
}
