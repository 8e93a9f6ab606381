import { dirname } from 'node:path';
import { Command } from 'commander';
import { recordMode } from '#lib/db/installation.ts';
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
  return new Command('migrate').description(t('cli.admin-migrate')).action(() => migrateGiven(t));
}

async function migrateGiven(t: Translate): Promise<void> {
  const env = startEnv();
  if (env.databaseUrl === null) throw new UnmetNeedError([t('cli.admin-migrate-no-database')]);
  await requireBucket(env);
  const { ownerUrl } = await openInstallation(env);
  await migrateInstallation(ownerUrl, root);
  await recordMode(ownerUrl, env.mode);
  process.stdout.write(`${t('cli.admin-migrate-done')}\n`);
  const path = await withOwnerDatabase(createFirstAdministratorLink);
  if (path !== null) process.stdout.write(`${t('cli.admin-migrate-first')}\n${env.origin}${path}\n`);
}
