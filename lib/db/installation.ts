import pg from 'pg';
import type { Mode } from '#lib/settings.ts';

/** Tells the database what it serves. Production keeps the true time, whatever a rehearsal had set. */
export async function recordMode(ownerUrl: string, mode: Mode): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'rostrum-start' });
  await client.connect();
  try {
    await client.query(
      `update installation
          set mode = $1, clock_offset = case when $1 = 'production' then interval '0' else clock_offset end
        where mode <> $1`,
      [mode],
    );
  } finally {
    await client.end();
  }
}

/** Competitions that have labels, which were left out of the backup that they were restored from. */
export async function listWithoutLabels(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'rostrum-doctor' });
  await client.connect();
  try {
    const installed = await client.query<{ there: boolean }>(
      "select to_regclass('hidden.label_versions') is not null as there",
    );
    if (!installed.rows[0]!.there) return [];
    const { rows } = await client.query<{ slug: string }>(
      `select slug from competitions c where label_version > 0
         and not exists (select from hidden.label_versions v where v.competition_id = c.id)
       order by slug`,
    );
    return rows.map(({ slug }) => slug);
  } finally {
    await client.end();
  }
}

/** When a backup was last made, by the true clock: a query of one value. */
export const lastBackup = `
  select max(at) - (select clock_offset from installation) from events where kind = 'backup-made'`;

/** When a backup was last made; null where none was, or where nothing is installed yet. */
export async function findLastBackup(ownerUrl: string): Promise<Date | null> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'rostrum-doctor' });
  await client.connect();
  try {
    const installed = await client.query<{ there: boolean }>(
      "select to_regclass('public.events') is not null as there",
    );
    if (!installed.rows[0]!.there) return null;
    const { rows } = await client.query<{ at: Date | null }>(`select (${lastBackup}) as at`);
    return rows[0]!.at;
  } finally {
    await client.end();
  }
}
