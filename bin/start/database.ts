import { join } from 'node:path';
import { databaseName, ensureOwnDatabase, ownerRole } from '#lib/db/cluster.ts';
import { MigrationError, type MigrationOutcome, migrate } from '#lib/db/migrate.ts';
import { ensureRoles, type RolePasswords, readServerVersion, whyUnreachable } from '#lib/db/roles.ts';
import type { OwnerEnv } from '#lib/env.ts';
import { createQueueSchema } from '#lib/queue.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { Refusal } from './sentences.mjs';

export type Addresses = { ownerUrl: string; webUrl: string; scorerUrl: string };
export type OpenDatabase = Addresses & {
  /** Null where somebody else runs the server. */
  embedded: EmbeddedPostgres | null;
};

const oldestMajor = 15;

/** The installation's database, ready for its roles: the embedded one, started where it does not run, or the one given. */
export function openInstallation(env: OwnerEnv, signal?: AbortSignal): Promise<OpenDatabase> {
  return env.databaseUrl === null
    ? openEmbedded(env.home, readSecrets(env.home), signal)
    : openGiven(env.databaseUrl, env);
}

/** Brings the database up to this code. What only looks at it makes the queue's schema anew only where a migration was due. */
export async function migrateInstallation(
  ownerUrl: string,
  root: string,
  { queue }: { queue: 'always' | 'after-migrations' } = { queue: 'always' },
): Promise<void> {
  const outcome = await migrateOrSayWhyNot(ownerUrl, join(root, 'migrations'));
  if (outcome.status === 'newer') throw new Refusal('database-newer', { name: outcome.name });
  if (outcome.status === 'edited') throw new Refusal('migration-edited', { name: outcome.name });
  if (queue === 'always' || outcome.applied.length > 0) await createQueueSchema(ownerUrl);
}

async function migrateOrSayWhyNot(ownerUrl: string, folder: string): Promise<MigrationOutcome> {
  try {
    return await migrate(ownerUrl, folder);
  } catch (cause) {
    if (!(cause instanceof MigrationError)) throw cause;
    throw new Refusal('migration-failed', { name: cause.place, reason: cause.reason }, { cause });
  }
}

async function openEmbedded(
  home: string,
  { postgres: passwords }: Secrets,
  signal: AbortSignal | undefined,
): Promise<OpenDatabase> {
  const embedded = await startEmbeddedPostgres({
    folder: join(home, 'postgres'),
    logFile: join(home, 'logs', 'postgres.log'),
    password: passwords.superuser,
    signal,
  });
  try {
    const superuserUrl = embedded.urlFor('postgres', passwords.superuser, 'postgres');
    const trouble = await whyUnreachable(superuserUrl);
    if (trouble !== null) throw new Refusal('secrets-strange', { home }, { cause: trouble });
    await ensureOwnDatabase(superuserUrl, passwords.owner);
    const ownerUrl = embedded.urlFor(ownerRole, passwords.owner, databaseName);
    await ensureRoles(ownerUrl, { rostrum_web: passwords.web, rostrum_scorer: passwords.scorer });
    return {
      ownerUrl,
      webUrl: embedded.urlFor('rostrum_web', passwords.web, databaseName),
      scorerUrl: embedded.urlFor('rostrum_scorer', passwords.scorer, databaseName),
      embedded,
    };
  } catch (error) {
    await embedded.release(5_000);
    throw error;
  }
}

async function openGiven(
  ownerUrl: string,
  env: Pick<OwnerEnv, 'webUrl' | 'scorerUrl' | 'home'>,
): Promise<OpenDatabase> {
  await requireReachable(ownerUrl);
  const have = Math.floor((await readServerVersion(ownerUrl)) / 10_000);
  if (have < oldestMajor) {
    throw new Refusal('database-too-old', { address: addressOf(ownerUrl), have, needed: oldestMajor });
  }
  // Only where they are needed: a machine that is given all addresses keeps no file of passwords.
  const made = () => readSecrets(env.home).postgres;
  const webUrl = env.webUrl ?? withRole(ownerUrl, 'rostrum_web', made().web);
  const scorerUrl = env.scorerUrl ?? withRole(ownerUrl, 'rostrum_scorer', made().scorer);
  const roles: RolePasswords = {
    rostrum_web: passwordIn(webUrl, 'rostrum_web'),
    rostrum_scorer: passwordIn(scorerUrl, 'rostrum_scorer'),
  };
  const outcome = await ensureRoles(ownerUrl, roles);
  if (outcome.status === 'not-permitted') throw new Refusal('roles-missing', {}, { details: outcome.sql });
  await Promise.all([requireReachable(webUrl), requireReachable(scorerUrl)]);
  return { ownerUrl, webUrl, scorerUrl, embedded: null };
}

/** Refuses, with its address and without its password, a database that does not answer. */
export async function requireReachable(url: string): Promise<void> {
  const trouble = await whyUnreachable(url);
  if (trouble === null) return;
  const role = decodeURIComponent(new URL(url).username);
  if (trouble.code === '28P01' && role.startsWith('rostrum_')) throw new Refusal('roles-password', { role });
  throw new Refusal('database-unreachable', { address: addressOf(url), reason: trouble.message });
}

function withRole(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  return url.href;
}

function passwordIn(address: string, role: string): string | null {
  const { username, password } = new URL(address);
  return decodeURIComponent(username) === role && password !== '' ? decodeURIComponent(password) : null;
}

/** Without name and password: it goes to the terminal. */
function addressOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
