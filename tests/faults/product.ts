import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { findPostmaster } from '../../bin/start/postgres-server.ts';
import { anInstallation, kill, type Launched, launch, processesOf, processOf, until } from '../system/installation.ts';

/*
 * The product as `npm start` runs it, with nothing changed: a supervisor, web, worker, and the embedded PostgreSQL, which forgets nothing
 * that it has committed. Its processes are killed where they are, and what comes back comes back by itself.
 */

/** `all` is every process at once, the supervisor among them, as when the machine loses its power; somebody then starts it again. */
export const killKinds = ['web', 'worker', 'database', 'all'] as const;
export type KillKind = (typeof killKinds)[number];

export type Product = {
  url: string;
  home: string;
  owner: Database;
  kill(kind: KillKind): Promise<void>;
  /** As after a change of its settings: it lets nobody finish. */
  restartDatabase(): void;
  /** Whether the web answers, and the database answers the web. */
  accepts(): Promise<boolean>;
  stop(): Promise<void>;
};

const ready = 'Rostrum is ready at';

/** `home` is where its data lies; a new folder unless given. */
export async function startProduct(home?: string): Promise<Product> {
  const installation = await anInstallation(home === undefined ? {} : { ROSTRUM_HOME: home });
  const place = home ?? installation.home;
  let running = await start();
  // The embedded server keeps its port from start to start.
  const owner = openDatabase(ownerUrlOf(place), { name: 'faults', connections: 5 });

  async function start(): Promise<Launched> {
    const launched = launch('node', ['bin/start.mjs'], installation.environment);
    const ended = launched.ended.then(() => Promise.reject(new Error(launched.output())));
    ended.catch(() => {});
    await Promise.race([launched.saying(ready), ended]);
    return launched;
  }

  return {
    url: installation.url,
    home: place,
    owner,
    async kill(kind) {
      if (kind === 'web') kill(processOf(place, 'server.mjs'));
      else if (kind === 'worker') kill(processOf(place, 'worker.mjs'));
      else if (kind === 'database') kill(postmasterOf(place));
      else {
        // A process that is just being forked is in no list: until there is none.
        await until(() => {
          const all = processesOf(place);
          for (const { pid } of all) kill(pid);
          return all.length === 0;
        }, 'nothing is left');
        await running.ended;
        running = await start();
      }
    },
    restartDatabase: () => kill(postmasterOf(place), 'SIGINT'),
    accepts: () => accepts(installation.url),
    async stop() {
      await owner.$client.end();
      kill(running.process.pid!, 'SIGTERM');
      await until(() => processesOf(place).length === 0, 'it has stopped');
      rmSync(installation.home, { recursive: true, force: true });
    },
  };
}

async function accepts(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    const { missing } = (await response.json()) as { missing: string[] };
    return !missing.some((sentence) => sentence.includes('database'));
  } catch {
    return false;
  }
}

function postmasterOf(home: string): number {
  const found = findPostmaster(join(home, 'postgres/data'));
  if (found === null) throw new Error('there is no database to kill');
  return found.pid;
}

function ownerUrlOf(home: string): string {
  const { postgres } = JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8'));
  const port = readFileSync(join(home, 'postgres/port'), 'utf8').trim();
  return `postgres://rostrum_owner:${postgres.owner}@127.0.0.1:${port}/rostrum`;
}
