import { dirname } from 'node:path';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { type OwnerEnv, ownerEnv } from '#lib/env.ts';
import { migrateInstallation, type OpenDatabase, openInstallation, requireReachable } from './start/database.ts';
import { prepareHome } from './start/folders.mjs';

// One up from bin/, and from dist/ as well.
export const root = dirname(import.meta.dirname);

/**
 * Runs what only the installation's owner may do. The database is that of DATABASE_URL, which is taken as it is; without one, the
 * embedded one, started for as long as this takes where it does not run, and migrated.
 */
export async function withOwnerDatabase<T>(act: (db: Database) => Promise<T>): Promise<T> {
  return withOwnerAddress((ownerUrl) => withDatabase(ownerUrl, act));
}

/** As `withOwnerDatabase`, for what needs connections of its own. */
export async function withOwnerAddress<T>(act: (ownerUrl: string) => Promise<T>): Promise<T> {
  const env = ownerEnv();
  if (env.databaseUrl !== null) {
    await requireReachable(env.databaseUrl);
    return act(env.databaseUrl);
  }
  return withInstallation(env, async (installation) => {
    await migrateInstallation(installation.ownerUrl, root, { queue: 'after-migrations' });
    return act(installation.ownerUrl);
  });
}

/** The database as it stands, with its roles and without a migration. */
export async function withInstallation<T>(env: OwnerEnv, act: (installation: OpenDatabase) => Promise<T>): Promise<T> {
  prepareHome(env.home);
  const installation = await openInstallation(env);
  try {
    return await act(installation);
  } finally {
    // Not waited for: another process may hold it, and who is last need not see it stop.
    await installation.embedded?.release(0);
  }
}

export async function withDatabase<T>(url: string, act: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(url, { name: 'rostrum-command', connections: 4 });
  try {
    return await act(db);
  } finally {
    await db.$client.end();
  }
}
