import pg from 'pg';
import { inject } from 'vitest';
import { testUrl } from './cluster.ts';
import type { TestDatabase } from './db.ts';

/** What somebody does who owns the whole server: without triggers, and so past everything that the database refuses. */
export async function asSuperuser(db: Pick<TestDatabase, 'name'>, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: testUrl(inject('cluster'), 'postgres', db.name) });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
