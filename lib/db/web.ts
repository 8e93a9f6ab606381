import { type Database, openDatabase } from '#lib/db/client.ts';
import { webEnv } from '#lib/env.ts';

/*
 * The web process' one pool, under role rostrum_web. Next bundles pages, handlers and actions apart, each with its own copy of
 * this module: the pool hangs on globalThis so that they share it.
 */
const shared = globalThis as typeof globalThis & { rostrumWebDatabase?: Database };

export function webDatabase(): Database {
  shared.rostrumWebDatabase ??= openDatabase(webEnv().databaseUrl, { name: 'rostrum-web', connections: 20 });
  return shared.rostrumWebDatabase;
}
