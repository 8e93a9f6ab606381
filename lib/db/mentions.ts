import { sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';

/** Where a text stands: `schema.table.column`, and in how many rows. */
export type Mention = { place: string; rows: number };

/**
 * Every column of every table that holds one of these texts, inside of JSON, arrays and files too, whatever the case of their letters. For
 * the owner: it reads everything.
 */
export async function findMentions(db: Connection, texts: readonly string[]): Promise<Mention[]> {
  const { rows: columns } = await db.execute<{ schema: string; table: string; column: string; isBytes: boolean }>(sql`
    select n.nspname as schema, c.relname as table, a.attname as column, t.typname = 'bytea' as "isBytes"
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
      and (t.typname in ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', '_text', '_varchar', 'citext', 'name'))
    order by 1, 2, a.attnum`);
  const mentions: Mention[] = [];
  for (const { schema, table, column, isBytes } of columns) {
    const cell = sql.identifier(column);
    const holds = texts.map((text) =>
      isBytes
        ? sql`position(convert_to(${text}, 'UTF8') in ${cell}) > 0`
        : sql`position(lower(${text}) in lower(${cell}::text)) > 0`,
    );
    const { rows } = await db.execute<{ count: number }>(sql`
      select count(*)::integer as count from ${sql.identifier(schema)}.${sql.identifier(table)}
      where ${sql.join(holds, sql` or `)}`);
    const count = rows[0]?.count ?? 0;
    if (count > 0) mentions.push({ place: `${schema}.${table}.${column}`, rows: count });
  }
  return mentions;
}
