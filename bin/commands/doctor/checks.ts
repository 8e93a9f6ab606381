import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { databaseName, ownerRole } from '#lib/db/cluster.ts';
import { findLastBackup, listWithoutLabels } from '#lib/db/installation.ts';
import { readServerVersion, whyUnreachable } from '#lib/db/roles.ts';
import type { OwnerEnv } from '#lib/env.ts';
import { findMailTrouble } from '#lib/mail/try-mail.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { ObjectStoreError, type S3Place } from '#lib/objects/s3-client.ts';
import { objectStore } from '#lib/objects.ts';
import { loadModule } from '#scoring/kernel/load.ts';
import { freeMegabytes, prepareHome, requireRoom } from '../../start/folders.mjs';
import { findPostgresBinaries } from '../../start/postgres-binaries.ts';
import { findPostmaster } from '../../start/postgres-server.ts';
import { readSecrets } from '../../start/secrets.ts';
import { say } from '../../start/sentences.mjs';
import { loadModel } from '../baseline/model.ts';
import { checkProvider } from './sign-in.ts';

/** `note`: works without it, and somebody may want to know. */
export type Check = {
  readonly name:
    | 'node'
    | 'home'
    | 'objects'
    | 'database'
    | 'kernel'
    | 'ffmpeg'
    | 'model'
    | 'sign-in'
    | 'mail'
    | 'backup'
    | 'metrics'
    | 'users';
  readonly status: 'ok' | 'note' | 'problem';
  readonly message: string;
};

const oldestPostgres = 15;
const mostBackupDays = 7;

/** What an installation needs beside something to compute with; nothing is started, and nothing but the home's folder made. */
export async function checkInstallation(env: OwnerEnv, t: Translate): Promise<Check[]> {
  return [
    checkNode(t),
    checkHome(env, t),
    ...(env.s3 === null ? [] : [await checkObjects(env, env.s3, t)]),
    await checkDatabase(env, t),
    checkKernel(t),
    checkFfmpeg(t),
    await checkModel(t),
    await checkProvider(env.oidcIssuer, env.origin, t),
    await checkMail(env, t),
    await checkBackup(env, t),
    checkMetrics(env, t),
    { name: 'users', status: 'note', message: t('cli.doctor-users') },
  ];
}

/** On an older one than we need no command runs, this one neither (bin/start/node-version.mjs). */
function checkNode(t: Translate): Check {
  return { name: 'node', status: 'ok', message: t('cli.doctor-node', { have: process.versions.node }) };
}

function checkHome({ home }: OwnerEnv, t: Translate): Check {
  try {
    prepareHome(home);
    requireRoom(home);
    const gigabytes = Number((freeMegabytes(home) / 1024).toFixed(1));
    return { name: 'home', status: 'ok', message: t('cli.doctor-home', { home, gigabytes }) };
  } catch (error) {
    return { name: 'home', status: 'problem', message: (error as Error).message };
  }
}

/** Whether an object can be written, read and removed in the bucket. */
async function checkObjects(env: OwnerEnv, { endpoint, bucket }: S3Place, t: Translate): Promise<Check> {
  try {
    await objectStore(env).check();
    return { name: 'objects', status: 'ok', message: t('cli.doctor-objects', { endpoint, bucket }) };
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    return { name: 'objects', status: 'problem', message: say(`objects-${error.code}`, error.values) };
  }
}

async function checkDatabase({ databaseUrl, home }: OwnerEnv, t: Translate): Promise<Check> {
  if (databaseUrl === null) return checkEmbedded(home, t);
  const reason = await whyUnreachable(databaseUrl);
  if (reason !== null) {
    return {
      name: 'database',
      status: 'problem',
      message: t('cli.doctor-database-unreachable', { reason: reason.message }),
    };
  }
  const version = Math.floor((await readServerVersion(databaseUrl)) / 10_000);
  const values = { version, needed: oldestPostgres };
  return version < oldestPostgres
    ? { name: 'database', status: 'problem', message: t('cli.doctor-database-old', values) }
    : { name: 'database', status: 'ok', message: t('cli.doctor-database', values) };
}

function checkEmbedded(home: string, t: Translate): Check {
  try {
    const values = { version: findPostgresBinaries().major, folder: join(home, 'postgres') };
    const key = existsSync(values.folder) ? 'cli.doctor-embedded' : 'cli.doctor-embedded-new';
    return { name: 'database', status: 'ok', message: t(key, values) };
  } catch (error) {
    return { name: 'database', status: 'problem', message: (error as Error).message };
  }
}

function checkKernel(t: Translate): Check {
  return loadModule('kernel') === null
    ? { name: 'kernel', status: 'note', message: t('cli.doctor-kernel-slow') }
    : { name: 'kernel', status: 'ok', message: t('cli.doctor-kernel') };
}

function checkFfmpeg(t: Translate): Check {
  const { stdout, error } = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8', timeout: 10_000 });
  const version = /^ffmpeg version (\S+)/.exec(stdout ?? '')?.[1];
  return error || version === undefined
    ? { name: 'ffmpeg', status: 'note', message: t('cli.doctor-no-ffmpeg') }
    : { name: 'ffmpeg', status: 'ok', message: t('cli.doctor-ffmpeg', { version }) };
}

async function checkModel(t: Translate): Promise<Check> {
  try {
    const { facts } = await loadModel({}, t);
    return { name: 'model', status: 'ok', message: t('cli.doctor-model', { name: facts.name }) };
  } catch (error) {
    return { name: 'model', status: 'note', message: (error as Error).message };
  }
}

/** Whether one was restored without labels, else how old the last one is; as far as a database answers without being started. */
async function checkBackup({ databaseUrl, home }: OwnerEnv, t: Translate): Promise<Check> {
  const url = databaseUrl ?? runningDatabase(home);
  if (url === null || (await whyUnreachable(url)) !== null) {
    return { name: 'backup', status: 'note', message: t('backup.unknown') };
  }
  const unlabelled = await listWithoutLabels(url);
  if (unlabelled.length > 0) {
    const message = t('backup.labels-missing', { slugs: unlabelled.join(', ') });
    return { name: 'backup', status: 'problem', message };
  }
  const at = await findLastBackup(url);
  if (at === null) return { name: 'backup', status: 'note', message: t('backup.none-yet') };
  const days = Math.floor((Date.now() - at.getTime()) / 86_400_000);
  const values = { at: `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`, days };
  return days > mostBackupDays
    ? { name: 'backup', status: 'note', message: t('backup.old', values) }
    : { name: 'backup', status: 'ok', message: t('backup.last', values) };
}

function checkMetrics({ figuresFor }: OwnerEnv, t: Translate): Check {
  if (figuresFor === 'nobody') return { name: 'metrics', status: 'note', message: t('cli.doctor-no-metrics') };
  const message = figuresFor === 'all' ? t('cli.doctor-open-metrics') : t('cli.doctor-metrics');
  return { name: 'metrics', status: 'ok', message };
}

/** Null where the embedded server does not run. */
function runningDatabase(home: string): string | null {
  const data = join(home, 'postgres', 'data');
  const postmaster = existsSync(data) ? findPostmaster(realpathSync(data)) : null;
  if (postmaster?.state !== 'ready') return null;
  const { owner } = readSecrets(home).postgres;
  return `postgres://${ownerRole}:${owner}@127.0.0.1:${postmaster.port}/${databaseName}`;
}

/** Whether the mail server answers and takes our name; nothing is sent. */
async function checkMail({ smtpUrl, mailFrom }: OwnerEnv, t: Translate): Promise<Check> {
  if (smtpUrl === null) return { name: 'mail', status: 'note', message: t('cli.doctor-no-mail') };
  const trouble = await findMailTrouble(smtpUrl);
  const server = new URL(smtpUrl).host;
  return trouble === null
    ? { name: 'mail', status: 'ok', message: t('cli.doctor-mail', { server, sender: mailFrom }) }
    : { name: 'mail', status: 'problem', message: t('cli.doctor-mail-failed', { server, reason: trouble.reason }) };
}
