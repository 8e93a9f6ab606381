import { getTableColumns, is, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as schema from '#lib/db/schema.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await aDatabase();
});

describe('a fresh database', () => {
  test('has the columns that lib/db/schema.ts names, with their types and nullability', async () => {
    const { rows } = await db.owner.execute<{ place: string }>(sql`
      select format('%s.%s.%s %s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, null),
                    case when a.attnotnull then ' not null' else '' end) as place
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and n.nspname in ('public', 'hidden')
        and c.relname <> 'rostrum_migrations'`);
    expect(rows.map((row) => row.place).sort()).toEqual(declaredColumns().sort());
  });

  test('lets nobody change or remove an event, not even its owner', async () => {
    await db.owner.execute(sql`insert into events (kind) values ('something-happened')`);
    for (const role of [db.owner, db.web, db.scorer]) {
      for (const change of [sql`update events set kind = 'nothing'`, sql`delete from events`, sql`truncate events`]) {
        await expect(role.execute(change)).rejects.toMatchObject({ cause: { code: '42501' } });
      }
    }
  });

  test('keeps the true time in production', async () => {
    await expect(
      db.owner.execute(sql`update installation set mode = 'production', clock_offset = '1 hour'`),
    ).rejects.toMatchObject({ cause: { code: '23514' } });
  });
});

/** Each column as PostgreSQL would print it. */
function declaredColumns(): string[] {
  const tables = Object.values<unknown>(schema).filter((value) => is(value, PgTable));
  return tables.flatMap((table) => {
    const { name, schema: space } = getTableConfig(table);
    return Object.entries(getTableColumns(table)).map(
      ([key, column]) =>
        `${space ?? 'public'}.${name}.${toSnakeCase(key)} ${printedType(column.getSQLType())}${column.notNull ? ' not null' : ''}`,
    );
  });
}

function printedType(declared: string): string {
  return declared.replace('bigserial', 'bigint');
}
