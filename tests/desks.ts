import { tmpdir } from 'node:os';
import type { Database } from '#lib/db/client.ts';
import { type Desk, type DeskSettings, openDesk } from '#scoring/desk.ts';

/** A worker's desk on this machine that always answers, with nothing of its own in the store, but for what `given` says. */
export function aDesk(scorer: Database, secret: string, given: Partial<DeskSettings> = {}): Promise<Desk> {
  const usual = { origin: 'http://127.0.0.1', home: tmpdir(), s3: null, url: null, opensOnRequest: false };
  return openDesk({ db: scorer, secret, ...usual, ...given });
}
