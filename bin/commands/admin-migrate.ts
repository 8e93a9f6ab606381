import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { recordMode } from '#lib/db/installation.ts';
import { whyUnreachable } from '#lib/db/roles.ts';
import { createFirstAdministratorLink } from '#lib/db/users.ts';
import { startEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { migrateInstallation, openInstallation } from '../start/database.ts';
import { requireBucket } from '../start/objects.ts';
import { UnmetNeedError } from './problems.ts';

// One up from dist/.
const root = dirname(import.meta.dirname);

/**
 * `rostrum admin migrate`: what has to be done once before web and worker start by themselves: roles, migrations, a look at the
 * bucket. Prints the link of the first administrator where there is none yet. Safe to repeat, and while the former version runs.
 */
export function adminMigrateCommand(t: Translate): Command {
  return new Command('migrate')
    .description(t('cli.admin-migrate'))
    .option('--wait <seconds>', t('cli.admin-migrate-wait'), parseSeconds, 0)
    .action(({ wait }: { wait: number }) => migrateGiven(wait, t));
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('Allowed choices are 0–3600.');
}

async function migrateGiven(waitSeconds: number, t: Translate): Promise<void> {
  const env = startEnv();
  if (env.databaseUrl === null) throw new UnmetNeedError([t('cli.admin-migrate-no-database')]);
  await waitForDatabase(env.databaseUrl, waitSeconds);
  await requireBucket(env);
  const { ownerUrl } = await openInstallation(env);
  await migrateInstallation(ownerUrl, root);
  await recordMode(ownerUrl, env.mode);
  process.stdout.write(`${t('cli.admin-migrate-done')}\n`);
  const path = await withOwnerDatabase(createFirstAdministratorLink);
  if (path !== null) process.stdout.write(`${t('cli.admin-migrate-first')}\n${env.origin}${path}\n`);
}

/** Asks once a second: where a whole machine starts, the database may be the last to answer. What it says in the end others tell. */
async function waitForDatabase(url: string, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline && (await whyUnreachable(url)) !== null) await sleep(1000);
}
