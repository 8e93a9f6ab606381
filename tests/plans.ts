import type pg from 'pg';
import type { Database } from '#lib/db/client.ts';

/** What PostgreSQL means to do: one node of EXPLAIN's tree, with what it took where it was done. */
export type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Plan[];
};
type Statement = { text: string; values: unknown[] };

/** Every statement that `act` sends, by whatever connection of the pool, as it sends it. */
export async function statementsOf(db: Database, act: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const pool = db.$client;
  const watched = new Set<pg.PoolClient>();
  const watch = (client: pg.PoolClient) => {
    if (watched.has(client)) return;
    watched.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const recording = (config: string | pg.QueryConfig, values?: unknown, ...rest: unknown[]) => {
      const text = typeof config === 'string' ? config : config.text;
      const own = Array.isArray(values) ? values : typeof config === 'string' ? undefined : config.values;
      sent.push({ text, values: own ?? [] });
      return query(config, values, ...rest);
    };
    Object.assign(client, { query: recording });
  };
  pool.on('acquire', watch);
  try {
    await act();
  } finally {
    pool.off('acquire', watch);
    // Connections are handed on, and their own query stands on the prototype.
    for (const client of watched) delete (client as { query?: unknown }).query;
  }
  return sent.filter(({ text }) => /^\s*(with|select|insert|update|delete)\b/i.test(text));
}

/**
 * The plan of a statement: `wanted`, where nothing is read whole that an index leads to, as it is with many more rows; or `taken`, with
 * what it took to do it, which is undone.
 */
export async function planOf(db: Database, { text, values }: Statement, which: 'wanted' | 'taken'): Promise<Plan> {
  const client = await db.$client.connect();
  try {
    await client.query('begin');
    if (which === 'wanted') await client.query('set local enable_seqscan = off');
    const options = which === 'taken' ? 'analyze, buffers, format json' : 'format json';
    const { rows } = await client.query(`explain (${options}) ${text}`, values);
    return rows[0]['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** Whether doing it again does no harm. */
export function onlyReads({ text }: Statement): boolean {
  return !/\b(insert into|update|delete from)\b/i.test(text);
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Tables that grow with the submissions of all competitions. */
const growing = [
  ...['submissions', 'submission_files', 'submission_people', 'published_scores', 'board_snapshots', 'quota_days'],
  ...['events', 'event_chain', 'counts', 'utterance_errors', 'board_inputs', 'team_members', 'rule_acceptances'],
];

/** Indexes that hold only what is under way: read whole they are short. */
const ofFew = ['submissions_unfinished', 'submissions_failed'];

/** Those of `growing` that a plan reads from one end to the other, be it in the order of an index. */
export function scannedWhole(plan: Plan): string[] {
  return nodesOf(plan)
    .filter((node) => growing.includes(node['Relation Name'] ?? ''))
    .filter((node) => !ofFew.includes(node['Index Name'] ?? ''))
    .filter((node) => /^(Seq|Index|Index Only) Scan$/.test(node['Node Type']) && node['Index Cond'] === undefined)
    .map((node) => [node['Relation Name'], node['Index Name']].filter(Boolean).join(' by '));
}
