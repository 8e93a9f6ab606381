import type pg from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';

/*
 * A row of our own invention in every table of whatever schema is there, so that a migration meets no empty table. What the rows
 * say makes no sense; that they keep every constraint does.
 */

type Column = {
  name: string;
  type: string;
  isRequired: boolean;
  /** Of what the constraints of the table let it be, or of an enumeration; null where they say nothing. */
  choice: string | null;
};
type Reference = { columns: string[]; target: string; targetColumns: string[] };
type Table = { name: string; columns: Column[]; references: Reference[] };
type Row = Record<string, string | number | null>;
/** Rows of ours, by table. */
export type Made = Map<string, Row>;

/** Where a constraint says more than the catalogue tells. */
const known: Record<string, Row> = {
  competitions: { slug: 'words', published_at: '2026-11-30T12:00Z' },
  course_homeworks: { soft_at: '2026-12-01T12:00Z', hard_at: '2026-12-02T12:00Z' },
  courses: { slug: 'words' },
  defence_criteria: { highest: 5 },
  defence_slots: { minutes: 5 },
  homework_extensions: { hard_at: '2026-12-02T12:00Z', soft_at: '2026-12-01T12:00Z' },
  submissions: { state: 'rejected', problem_count: 1 },
  team_adjustments: { attempts: 1 },
  utterances: { split: 'dev', reference: 'words' },
};

/** Made by the database alone, from what is written elsewhere. */
const ofItself = ['installation', 'event_chain', 'unchained_events'];

/** Fills every table that has no row of ours yet, as `made` remembers. Returns those that would not take one, with the reason. */
export async function fillTables(client: pg.Client, made: Made = new Map()): Promise<string[]> {
  const waiting = (await listTables(client)).filter(({ name }) => !made.has(name) && !ofItself.includes(name));
  const refused = new Map<string, string>();
  for (let before = -1; before !== made.size; ) {
    before = made.size;
    for (const table of waiting.filter(({ name }) => !made.has(name))) {
      const missing = table.references.find(({ target }) => target !== table.name && !made.has(target));
      const problem = missing ? `needs ${missing.target}` : await insert(client, table, made);
      if (problem === null) refused.delete(table.name);
      else refused.set(table.name, problem);
    }
  }
  return [...refused].map(([name, problem]) => `${name}: ${problem}`).sort();
}

/** The tables whose row of ours is gone, or says something else in the columns that are still there. */
export async function findChanged(client: pg.Client, made: Made): Promise<string[]> {
  const changed: string[] = [];
  for (const [table, row] of made) {
    const { rowCount } = await client.query(
      `select from ${table} t where to_jsonb(t) @> (
         select jsonb_object_agg(key, value) from jsonb_each($1::jsonb) where to_jsonb(t) ? key)`,
      [JSON.stringify(row)],
    );
    if (rowCount === 0) changed.push(table);
  }
  return changed;
}

/** Null where it succeeded: as anybody writes, else without the triggers that refuse what no person could have done. */
async function insert(client: pg.Client, table: Table, made: Made): Promise<string | null> {
  const row = rowFor(table, made);
  const columns = Object.keys(row).map(escapeIdentifier).join(', ');
  const values = Object.values(row).map((value) => (value === null ? 'null' : escapeLiteral(String(value))));
  const what = columns === '' ? 'default values' : `(${columns}) values (${values.join(', ')})`;
  const statement = `insert into ${table.name} ${what} returning to_jsonb(${table.name.split('.').at(-1)}) as row`;
  const inserted = await client
    .query<{ row: Row }>(statement)
    .catch(() => insertQuietly(client, table.name, statement));
  if (inserted instanceof Error) return inserted.message;
  made.set(table.name, inserted.rows[0]!.row);
  return null;
}

async function insertQuietly(client: pg.Client, table: string, statement: string) {
  try {
    await client.query(`begin; alter table ${table} disable trigger user`);
    const inserted = await client.query<{ row: Row }>(statement);
    await client.query(`alter table ${table} enable trigger user; commit`);
    return inserted;
  } catch (error) {
    await client.query('rollback');
    return error as Error;
  }
}

function rowFor({ name, columns, references }: Table, made: Made): Row {
  const row: Row = {};
  for (const column of columns.filter(({ isRequired }) => isRequired)) row[column.name] = valueFor(column);
  for (const { columns: from, target, targetColumns } of references) {
    const other = made.get(target);
    for (const [i, column] of from.entries()) {
      if (other !== undefined && column in row) row[column] = other[targetColumns[i]!] ?? null;
    }
  }
  return { ...row, ...known[name] };
}

function valueFor({ name, type, choice }: Column): string {
  if (choice !== null) return choice;
  if (type === 'uuid') return '00000000-0000-4000-8000-000000000001';
  if (type === 'bytea') return `\\x${'ab'.repeat(32)}`;
  if (type === 'jsonb' || type.endsWith('[]')) return '{}';
  if (type === 'boolean') return 'false';
  if (type === 'date') return '2026-11-30';
  if (type.startsWith('timestamp'))
    return /ends?_at|until|expires|closes/.test(name) ? '2026-12-01T12:00Z' : '2026-11-30T12:00Z';
  return /integer|bigint|smallint|double|real|numeric/.test(type) ? '1' : `words-${name}`;
}

async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select c.oid::regclass::text as name,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
          'isRequired', a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '',
          'choice', coalesce(
            (select enumlabel from pg_enum where enumtypid = a.atttypid order by enumsortorder limit 1),
            (select substring(pg_get_constraintdef(k.oid) from '''([^'']+)''::text') from pg_constraint k
             where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
               and pg_get_constraintdef(k.oid) ~ '(ANY \\(|= )' limit 1))) order by a.attnum)
       from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select json_agg(json_build_object('target', k.confrelid::regclass::text,
          'columns', (select json_agg(attname order by o) from unnest(k.conkey) with ordinality u(n, o)
             join pg_attribute on attrelid = k.conrelid and attnum = n),
          'targetColumns', (select json_agg(attname order by o) from unnest(k.confkey) with ordinality u(n, o)
             join pg_attribute on attrelid = k.confrelid and attnum = n)))
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), '[]') as "references"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'hidden') and c.relkind = 'r' and c.relname <> 'rostrum_migrations'
    order by c.oid`);
  return rows;
}
