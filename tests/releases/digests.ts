import type pg from 'pg';
import { columnList, relation, type TableToCopy } from '#lib/db/backup-tables.ts';

/** Of each table the number of its rows and a hash of what they say, whatever their order. */
export type Digests = Record<string, string>;

/** Of what `tables` say in the columns that they name. */
export async function digestsOf(client: pg.Client, tables: readonly TableToCopy[]): Promise<Digests> {
  if (tables.length === 0) return {};
  const each = tables.map(
    (table) =>
      `select '${relation(table).replaceAll('"', '')}' as name, count(*) || ' rows, '
         || md5(coalesce(string_agg(t::text, ';' order by t::text), '')) as digest
       from (select ${columnList(table)} from ${relation(table)}) t`,
  );
  const { rows } = await client.query<{ name: string; digest: string }>(each.join(' union all '));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}
