import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '#lib/db/client.ts';

/** A row of a table as JSON, and where it stands. */
export type Row = { table: string; text: string };

/** Bookkeeping: who was seen when, and how far mails are on their way. */
const passingColumns = [
  'last_seen_at',
  'last_used_at',
  'sent_at',
  'attempts',
  'next_attempt_at',
  'last_error',
  'failed_at',
];

/**
 * What stands in every table of ours but those of `exceptTables`, to be compared with what stood there before. The first look reads all of
 * it, later ones which row versions each table has, and the rows of those that differ.
 */
export async function watchRows(owner: Database, exceptTables: readonly string[]) {
  const { rows } = await owner.execute<{ name: string }>(sql`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'hidden') order by 1`);
  const tables = rows.map(({ name }) => name).filter((name) => !exceptTables.includes(name));
  const kept = new Map<string, { version: string; texts: string[] }>();
  const look = async (): Promise<Row[]> => {
    const changes: Row[] = [];
    for (const { name, version } of await versionsOf(owner, tables)) {
      const before = kept.get(name);
      if (before?.version === version) continue;
      const texts = await textsOf(owner, name);
      kept.set(name, { version, texts });
      changes.push(...difference(before?.texts ?? [], texts).map((text) => ({ table: name, text })));
    }
    return changes;
  };
  await look();
  return {
    /** Names of the tables that are watched. */
    tables,
    /** Rows that came, went or are others than at the last look: of a changed row both. */
    changes: look,
  };
}

function rowText(): SQL {
  return sql.raw(`(to_jsonb(t) - '{${passingColumns.join()}}'::text[])::text`);
}

/** By which transaction wrote each row and where it lies: what it says need not be read. */
async function versionsOf(owner: Database, tables: readonly string[]): Promise<{ name: string; version: string }[]> {
  const each = tables.map((name) => {
    const table = sql.raw(name);
    return sql`select ${name} as name, coalesce(md5(string_agg(xmin::text || ctid::text, ' ' order by ctid)), '') as version from ${table}`;
  });
  return (await owner.execute<{ name: string; version: string }>(sql.join(each, sql` union all `))).rows;
}

async function textsOf(owner: Database, table: string): Promise<string[]> {
  const { rows } = await owner.execute<{ text: string }>(
    sql`select ${rowText()} as text from ${sql.raw(table)} t order by 1`,
  );
  return rows.map(({ text }) => text);
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [...before.filter((text) => !is.has(text)), ...after.filter((text) => !was.has(text))];
}
