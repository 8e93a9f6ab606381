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
