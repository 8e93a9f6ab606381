import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Manifest, TableInBackup } from '#lib/backup/manifest.ts';
import { columnList, relation, textSettings } from '#lib/db/backup-tables.ts';
import { ToleratedClient } from '#lib/db/client.ts';
import { migrateTo, migrationLock } from '#lib/db/migrate.ts';

/*
 * A backup becomes a database in one transaction: whatever ends it on its way leaves the database as it was, and it can be begun again.
 */

export type RestoreOutcome =
  | { status: 'restored' }
  /** Nothing was changed: a restore that was ended before its proof has brought all of it here already. */
  | { status: 'there' }
  /** Nothing was changed, since people or competitions are here, tables of something else, or processes of Rostrum at work. */
  | { status: 'not-empty' | 'not-ours' | 'in-use' }
  /** Nothing was changed: a migration of the backup is not here, or reads differently here. */
  | { status: 'newer' | 'edited'; name: string }
  /** Nothing was changed: the labels are here already, or belong to rows that are not here. */
  | { status: 'labels-there' | 'labels-of-another' };

export type TextOf = (table: TableInBackup) => AsyncIterable<Buffer>;

/** What `restoreTables` would refuse or leave as it is, to be known before anything is written elsewhere. */
export async function findObstacleOf(ownerUrl: string, manifest: Manifest): Promise<RestoreOutcome | null> {
  const client = new ToleratedClient({ connectionString: ownerUrl, application_name: 'rostrum-restore' });
  await client.connect();
  try {
    const status = await findObstacle(client);
    if (status === 'not-empty' && (await holdsExactly(client, manifest))) return { status: 'there' };
    return status && { status };
  } finally {
    await client.end();
  }
}

/** Fills the database of `ownerUrl` up to the migrations of the backup. Roles have to be there. Throws where a row is refused. */
export async function restoreTables(
  ownerUrl: string,
  migrationsFolder: string,
  manifest: Manifest,
  textOf: TextOf,
): Promise<RestoreOutcome> {
  const client = new ToleratedClient({ connectionString: ownerUrl, application_name: 'rostrum-restore' });
  await client.connect();
  try {
    await client.query(textSettings);
    await client.query('begin');
    // A start that comes meanwhile waits before it migrates.
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    const obstacle = await findObstacle(client);
    if (obstacle !== null) return { status: obstacle };
    await dropEverything(client);
    const migrated = await migrateTo(client, migrationsFolder, manifest.migrations);
    if (migrated.status !== 'migrated') return migrated;
    await fill(client, manifest.tables, textOf, await listAll(client));
    await setSequences(client, manifest);
    await client.query('commit');
    return { status: 'restored' };
  } finally {
    // Ends the transaction as well, where it was not committed.
    await client.end();
  }
}

/** Brings what a backup holds sealed into the database that was restored from one without it, which may have gone on since. */
export async function restoreLabels(ownerUrl: string, manifest: Manifest, textOf: TextOf): Promise<RestoreOutcome> {
  const client = new ToleratedClient({ connectionString: ownerUrl, application_name: 'rostrum-restore' });
  await client.connect();
  try {
    await client.query(textSettings);
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    if ((await findObstacle(client)) === 'in-use') return { status: 'in-use' };
    const unlike = await findUnlikeMigration(client, manifest);
    if (unlike !== null) return unlike;
    if (await hasRows(client, 'hidden.label_versions')) return { status: 'labels-there' };
    const sealed = manifest.tables.filter(({ isSealed }) => isSealed);
    await fill(client, sealed, textOf, []);
    await client.query('commit');
    return { status: 'restored' };
  } catch (error) {
    // Of rows that are not here, or that were written since.
    if (['23503', '23505'].includes((error as pg.DatabaseError).code ?? '')) return { status: 'labels-of-another' };
    throw error;
  } finally {
    await client.end();
  }
}

/** A migration of the backup that the database does not have, or has with another text. */
async function findUnlikeMigration(client: pg.Client, { migrations }: Manifest): Promise<RestoreOutcome | null> {
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from rostrum_migrations');
  const here = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  const unlike = migrations.find(({ name, sha256 }) => here.get(name) !== sha256);
  return unlike === undefined ? null : { status: here.has(unlike.name) ? 'edited' : 'newer', name: unlike.name };
}

async function findObstacle(client: pg.Client): Promise<'not-empty' | 'not-ours' | 'in-use' | null> {
  const { rows } = await client.query<{ tables: number; ours: boolean; busy: boolean }>(
    `select (select count(*)::int from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r') as tables,
       to_regclass('public.rostrum_migrations') is not null as ours,
       exists (select from pg_stat_activity where datname = current_database()
         and usename in ('rostrum_web', 'rostrum_scorer')) as busy`,
  );
  const { tables, ours, busy } = rows[0]!;
  if (busy) return 'in-use';
  if (tables === 0) return null;
  if (!ours) return 'not-ours';
  return (await hasRows(client, 'users')) || (await hasRows(client, 'competitions')) ? 'not-empty' : null;
}

/**
 * Whether every table has as many rows as in the backup, and every board is the one that was last drawn. Whatever is done with a
 * restored database adds to its log, as the end of the restore does.
 */
async function holdsExactly(client: pg.Client, { tables, boards }: Manifest): Promise<boolean> {
  for (const table of tables) {
    const there = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      relation(table),
    ]);
    if (!there.rows[0]!.there) return false;
    const { rows } = await client.query<{ rows: string }>(`select count(*) as rows from ${relation(table)}`);
    if (Number(rows[0]!.rows) !== table.rows) return false;
  }
  for (const { competitionId, version, sha256 } of boards) {
    const { rows } = await client.query<{ sha256: string }>(
      `select encode(sha256(convert_to(body, 'UTF8')), 'hex') as sha256 from board_snapshots
       where competition_id = $1 and version = $2`,
      [competitionId, version],
    );
    if (rows[0]?.sha256 !== sha256) return false;
  }
  return true;
}

/** What an interrupted first start made may be without its tables. */
async function hasRows(client: pg.Client, table: 'users' | 'competitions' | 'hidden.label_versions'): Promise<boolean> {
  const there = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
  if (!there.rows[0]!.there) return false;
  const { rows } = await client.query<{ any: boolean }>(`select exists (select from ${table}) as any`);
  return rows[0]!.any;
}

/** What a start had made of nothing: schemas of our own, and in the shared one whatever is no extension's. */
async function dropEverything(client: pg.Client): Promise<void> {
  await client.query(`
    drop schema if exists hidden, pgboss cascade;
    do $$
    declare item record;
    begin
      for item in select oid::regclass as name, relkind from pg_class c
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and pg_has_role(relowner, 'usage')
          and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
        order by relkind desc
      loop
        execute format('drop %s if exists %s cascade', case item.relkind when 'v' then 'view' else 'table' end, item.name);
      end loop;
      for item in select oid::regprocedure as name from pg_proc p
        where pronamespace = 'public'::regnamespace and pg_has_role(proowner, 'usage')
          and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
      loop
        execute format('drop function if exists %s cascade', item.name);
      end loop;
    end $$`);
}

/**
 * `emptied`: tables that what migrations wrote into them is taken from first. Rows come without the triggers that wrote others of them, and before the foreign keys, which are checked as a whole in the end: no
 * order of tables would do for all.
 */
async function fill(
  client: pg.Client,
  filled: readonly TableInBackup[],
  textOf: TextOf,
  emptied: readonly string[],
): Promise<void> {
  const tables = [...emptied, ...filled.map(relation)];
  const constraints = await takeForeignKeys(client);
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
  if (emptied.length > 0) await client.query(`truncate ${emptied.join(', ')}`);
  for (const table of filled) {
    const copy = client.query(copyFrom(`copy ${relation(table)} (${columnList(table)}) from stdin`));
    await pipeline(Readable.from(textOf(table)), copy);
    if (copy.rowCount !== table.rows)
      throw new Error(`${table.name} has ${copy.rowCount} rows instead of ${table.rows}`);
  }
  for (const restore of constraints) await client.query(restore);
  for (const table of tables) await client.query(`alter table ${table} enable trigger user`);
}

async function setSequences(client: pg.Client, { sequences }: Manifest): Promise<void> {
  for (const { schema, name, lastValue, isCalled } of sequences) {
    await client.query('select setval($1::regclass, $2, $3)', [relation({ schema, name }), lastValue, isCalled]);
  }
}

async function listAll(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'hidden') and c.relkind in ('r', 'p') and c.relname <> 'rostrum_migrations'
       and pg_has_role(c.relowner, 'usage')`,
  );
  return rows.map(({ name }) => name);
}

/** Drops them; what makes them again. */
async function takeForeignKeys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select c.conrelid::regclass::text as table, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c join pg_namespace n on n.oid = c.connamespace
     where c.contype = 'f' and c.conparentid = 0 and n.nspname in ('public', 'hidden')`,
  );
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${name}`);
  return rows.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`);
}
