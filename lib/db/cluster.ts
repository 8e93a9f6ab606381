import pg from 'pg';

export const ownerRole = 'rostrum_owner';
export const databaseName = 'rostrum';

/**
 * Gives a new embedded server what a managed one is handed over with: an owner who is not a superuser but may create roles,
 * so that migrations mean the same on both, and a database of his own. Safe to repeat.
 */
export async function ensureOwnDatabase(superuserUrl: string, ownerPassword: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'rostrum-start' });
  await client.connect();
  try {
    const { rows } = await client.query<{ owner: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as owner,
              exists (select from pg_database where datname = $2) as database`,
      [ownerRole, databaseName],
    );
    if (!rows[0]!.owner) {
      await client.query(`create role ${ownerRole} login createrole password ${pg.escapeLiteral(ownerPassword)}`);
    }
    if (!rows[0]!.database) await client.query(`create database ${databaseName} owner ${ownerRole}`);
  } finally {
    await client.end();
  }
}
