import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Connection } from '#lib/db/client.ts';

/*
 * News between processes, by the database's own NOTIFY: delivered when the transaction commits, to who listens then. News is
 * only ever "look again", so whoever was cut off looks once on coming back and has missed nothing.
 */

/** `rostrum_live`: what the public sees of a competition changed. `rostrum_board`: its board may have to be drawn anew. */
export type Channel = 'rostrum_live' | 'rostrum_board';

export type Subscription = { close(): Promise<void> };

/** Tells every web process that a competition's board or windows changed, once the transaction commits. */
export async function announce(tx: Connection, competitionId: string): Promise<void> {
  await tx.execute(sql`select pg_notify('rostrum_live', ${competitionId})`);
}

/** Asks the workers for a new board: a team was renamed, joined, disbanded; a window moved. */
export async function requestBoard(tx: Connection, competitionId: string): Promise<void> {
  await tx.execute(sql`select pg_notify('rostrum_board', ${competitionId})`);
}

/**
 * Listens on a connection of its own, and for good: a broken one is replaced. `onConnected` runs after every start of
 * listening, the first included, because what was told before is lost; `onCompetition` with the id of each competition told.
 */
export async function subscribe(
  url: string,
  channel: Channel,
  listener: { onConnected(): void; onCompetition(competitionId: string): void },
): Promise<Subscription> {
  let closed = false;
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'rostrum-live', keepAlive: true });
    let listening = false;
    const lost = () => {
      if (!listening || closed) return;
      listening = false;
      next.end().catch(() => {});
      retry = setTimeout(reconnect, 500);
    };
    next.on('error', lost);
    next.on('end', lost);
    next.on('notification', (message) => message.payload && listener.onCompetition(message.payload));
    try {
      await next.connect();
      // Refused by a server in recovery, to which it must not leave a connection each time.
      await next.query(`listen ${channel}`);
    } catch (error) {
      next.end().catch(() => {});
      throw error;
    }
    client = next;
    listening = true;
    listener.onConnected();
  };
  const reconnect = () => {
    connect().catch(() => {
      if (!closed) retry = setTimeout(reconnect, 1000);
    });
  };

  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
