import type { Readable } from 'node:stream';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Manifest } from '#lib/backup/manifest.ts';
import { ToleratedClient } from '#lib/db/client.ts';

/*
 * All tables as PostgreSQL's own text, from one snapshot: writers go on meanwhile, and what they write is in the next backup.
 */

export type TableToCopy = { schema: string; name: string; columns: string[]; isSealed: boolean };
export type Reading = { client: pg.Client; end(): Promise<void> };

/** Made anew wherever a backup is restored: who is signed in, links on their way, counters, workers that are heard of. */
const leftOut = ['rostrum_migrations', 'sessions', 'mail_links', 'rate_limits', 'workers'];
/** The web's role reads none of them, and they hold ids and digests alone. */
const harmless = ['event_chain', 'unchained_events', 'log_checks'];

/** The same text on every server, and every digit of a number. */
export const textSettings = `
  set datestyle to iso; set intervalstyle to postgres; set timezone to 'UTC'; set bytea_output to hex;
  set extra_float_digits to 3; set client_encoding to utf8; set statement_timeout to 0; set lock_timeout to 0`;

/** A connection to the owner's database whose every query sees the same instant. */
export async function beginReading(ownerUrl: string): Promise<Reading> {
  const client = new ToleratedClient({ connectionString: ownerUrl, application_name: 'rostrum-backup' });
  await client.connect();
  await client.query(textSettings);
  await client.query('begin transaction isolation level repeatable read read only');
  return { client, end: () => client.end() };
}

/**
 * Every table with rows to keep. Sealed are those in which labels may stand: whatever the web's role may not read as a whole, so that
 * a new table is sealed until somebody lets the web see it.
 */
export async function listTables(client: pg.Client): Promise<TableToCopy[]> {
  const { rows } = await client.query<TableToCopy>(
    `select n.nspname as schema, c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       not (c.relname = any($2) or has_schema_privilege('rostrum_web', n.oid, 'usage')
         and has_table_privilege('rostrum_web', c.oid, 'select')) as "isSealed"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'hidden') and c.relkind in ('r', 'p') and not c.relispartition
       and not (n.nspname = 'public' and c.relname = any($1))
     order by n.nspname desc, c.relname`,
    [leftOut, harmless],
  );
  return rows;
}

/** The rows as text; `rows` holds how many there were once it has ended. */
export function copyOut(client: pg.Client, table: TableToCopy): { text: Readable; rows(): number } {
  const stream = client.query(copyTo(`copy ${relation(table)} (${columnList(table)}) to stdout`));
  return { text: stream, rows: () => stream.rowCount ?? 0 };
}

export function relation({ schema, name }: { schema: string; name: string }): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}

export function columnList({ columns }: Pick<TableToCopy, 'columns'>): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(', ');
}

export async function readSequences(client: pg.Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select schemaname as schema, sequencename as name from pg_sequences
     where schemaname in ('public', 'hidden') order by 1, 2`,
  );
  const sequences: Manifest['sequences'] = [];
  for (const sequence of rows) {
    const at = await client.query<{ lastValue: string; isCalled: boolean }>(
      `select last_value::text as "lastValue", is_called as "isCalled" from ${relation(sequence)}`,
    );
    sequences.push({ ...sequence, ...at.rows[0]! });
  }
  return sequences;
}

export async function readFacts(
  client: pg.Client,
): Promise<Pick<Manifest, 'createdAt' | 'postgres' | 'migrations' | 'boards'>> {
  const { rows } = await client.query<{ at: Date; postgres: number }>(
    `select now() as at, current_setting('server_version_num')::int as postgres`,
  );
  const migrations = await client.query<Manifest['migrations'][number]>(
    'select name, sha256 from rostrum_migrations order by name',
  );
  const boards = await client.query<Manifest['boards'][number]>(
    `select distinct on (b.competition_id) b.competition_id as "competitionId", c.slug, b.version::int,
       encode(sha256(convert_to(b.body, 'UTF8')), 'hex') as sha256
     from board_snapshots b join competitions c on c.id = b.competition_id
     order by b.competition_id, b.version desc`,
  );
  const { at, postgres } = rows[0]!;
  return { createdAt: at.toISOString(), postgres, migrations: migrations.rows, boards: boards.rows };
}

/** Digests of stored files, each once and a thousand at a time; recordings of utterances only where they are wanted. */
export async function* listObjects(client: pg.Client, withRecordings: boolean): AsyncGenerator<StoredObject> {
  await client.query(
    `declare objects no scroll cursor for
     select 'archives' as folder, sha256 from archives where $1
     union select 'recordings', sha256 from utterances where $1 and sha256 is not null
     union select 'recordings', slides_sha256 from defence_talks where slides_sha256 is not null
     order by 1, 2`.replaceAll('$1', String(withRecordings)),
  );
  for (;;) {
    const { rows } = await client.query<StoredObject>('fetch 1000 from objects');
    if (rows.length === 0) break;
    yield* rows;
  }
  await client.query('close objects');
}

export type StoredObject = { folder: 'archives' | 'recordings'; sha256: Buffer };
