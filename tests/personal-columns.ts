import { sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig } from 'drizzle-orm/pg-core';
import type { Connection } from '#lib/db/client.ts';
import { notExported, personalSections } from '#lib/db/personal-sections.ts';

/** By their names these hold a person, their address, or what they wrote: foreign keys alone would miss the log and addresses. */
const nameOfPerson =
  '(^|_)(user|person|people|author|actor|captain|asker|student|juror|member|owner|recipient|email|phone|contact|address|agent)(_|$)|_by$';
/** A row of these is one person's, so what leads there leads to them. */
const rowsOfOnePerson = ['users', 'submissions', 'course_students'];

/** Columns of the database that lead to a person, `table.column`, with the schema before it where it is not public. */
export async function listPersonalColumns(owner: Connection): Promise<string[]> {
  const { rows } = await owner.execute<{ place: string }>(sql`
    select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname || '.' || a.attname as place
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and n.nspname in ('public', 'hidden')
      and (a.attname ~ ${nameOfPerson} or exists (
        select from pg_constraint k
        where k.contype = 'f' and k.conrelid = c.oid and k.conkey = array[a.attnum]
          and k.confrelid::regclass::text in ${rowsOfOnePerson}))
    order by 1`);
  return rows.map(({ place }) => place);
}

/** Those that neither a section of the export has nor a reason keeps out of it. */
export async function listForgotten(owner: Connection): Promise<string[]> {
  const tables = personalSections.map(({ table }) => getTableConfig(table).name);
  const columns = await listPersonalColumns(owner);
  return columns.filter((place) => !Object.hasOwn(notExported, place) && !tables.includes(place.split('.')[0]!));
}

/** What stays of an erased person's texts, as findMentions names places. */
export function keptPlaces(): string[] {
  const kept = personalSections.flatMap(({ table, kept }) =>
    Object.keys(kept).map((key) => `public.${getTableConfig(table).name}.${toSnakeCase(key)}`),
  );
  // What boards were drawn from: of texts the names of teams alone.
  return [...kept, 'hidden.board_inputs.body'];
}
