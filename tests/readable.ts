import { sql } from 'drizzle-orm';
import type { Database } from '#lib/db/client.ts';

/** A row as text, and where it stands. */
export type ReadableRow = { table: string; text: string };

/** Every row of whatever the role of `reader` may select, with the columns that it may select; of the server's own, what it does. */
export async function readableRows(reader: Database): Promise<ReadableRow[]> {
  const { rows: tables } = await reader.execute<{ name: string; columns: string }>(sql`
    select format('%I.%I', n.nspname, c.relname) as name, string_agg(format('%I', a.attname), ', ' order by a.attnum) as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'v', 'm', 'p', 'S')
      and (n.nspname !~ '^(pg_|information_schema$)' or c.relname in ('pg_stat_activity', 'pg_stats'))
      and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
    group by 1 order by 1`);
  const found: ReadableRow[] = [];
  for (const { name, columns } of tables) {
    const { rows } = await reader.execute<{ text: string }>(
      sql.raw(`select to_jsonb(t)::text as text from (select ${columns} from ${name}) t`),
    );
    found.push(...rows.map(({ text }) => ({ table: name, text })));
  }
  return found;
}
