import { join } from 'node:path';
import { Command } from 'commander';
import type { Manifest } from '#lib/backup/manifest.ts';
import { type Backup, BackupError, withBackup } from '#lib/backup/read.ts';
import { restoreBackup } from '#lib/backup/restore.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type RestoreOutcome, restoreLabels } from '#lib/db/backup-restore.ts';
import { replayBoards } from '#lib/db/board-replay.ts';
import { hashOfBoard } from '#lib/db/boards.ts';
import type { Connection, Database } from '#lib/db/client.ts';
import { checkChain, listChains } from '#lib/db/log-chain.ts';
import { migrate } from '#lib/db/migrate.ts';
import { type OwnerEnv, ownerEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { createQueueSchema } from '#lib/queue.ts';
import { findTies } from '#scoring/board-ties.ts';
import { root, withDatabase, withInstallation } from '../owner-database.ts';
import { takeLock } from '../start/lock.mjs';
import { readKeyFile } from './key-file.ts';
import { UnmetNeedError, UnreadableFileError } from './problems.ts';

type Options = { keyFile?: string; labels?: true };

/** `rostrum admin restore FILE`: into an empty installation, after every byte was checked; proves the boards in the end. */
export function adminRestoreCommand(t: Translate): Command {
  return new Command('restore')
    .description(t('backup.restore'))
    .argument('<file>', t('backup.backup-file'))
    .option('--key-file <file>', t('backup.backup-key-file'))
    .option('--labels', t('backup.restore-labels'))
    .action((file: string, options: Options) => restore(file, options, t));
}

async function restore(file: string, { keyFile, labels }: Options, t: Translate): Promise<void> {
  const secret = keyFile === undefined ? null : await readKeyFile(keyFile, t);
  const env = ownerEnv();
  try {
    await withBackup(file, secret, async (backup) => {
      say(t('backup.checked', { file, createdAt: backup.manifest.createdAt }));
      await withStopped(env, t, async (ownerUrl) => {
        if (labels) await restoreOnlyLabels(backup, ownerUrl, t);
        else await restoreAll(backup, ownerUrl, env, t);
        await withDatabase(ownerUrl, (db) => prove(db, backup.manifest, labels ? 'labels' : 'all', t));
      });
      if (labels) say(t('backup.labels-restored'));
      else sayWhatIsDifferent(backup.manifest, t);
    });
  } catch (error) {
    if (error instanceof BackupError) {
      throw new UnmetNeedError([t(`backup.${error.code}`, { file, part: error.part || file })]);
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UnreadableFileError(file, error);
    throw error;
  }
}

async function restoreAll(backup: Backup, ownerUrl: string, place: OwnerEnv, t: Translate): Promise<void> {
  const migrationsFolder = join(root, 'migrations');
  refuse(await restoreBackup(backup, { ownerUrl, place, migrationsFolder }), t);
  await bringForward(ownerUrl, migrationsFolder, t);
}

async function restoreOnlyLabels({ manifest, textOf }: Backup, ownerUrl: string, t: Translate): Promise<void> {
  if (manifest.key === null) throw new UnmetNeedError([t('backup.no-labels-in-it')]);
  await bringForward(ownerUrl, join(root, 'migrations'), t);
  refuse(await restoreLabels(ownerUrl, manifest, textOf), t);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Holds the place of a running installation, so that none begins meanwhile. */
async function withStopped(env: OwnerEnv, t: Translate, act: (ownerUrl: string) => Promise<void>): Promise<void> {
  const lock = takeLock(join(env.home, 'running.json'));
  if (lock.status === 'taken') throw new UnmetNeedError([t('backup.running', { pid: lock.holder.pid })]);
  try {
    await withInstallation(env, ({ ownerUrl }) => act(ownerUrl));
  } finally {
    lock.release();
  }
}

function refuse(outcome: RestoreOutcome, t: Translate): void {
  if (outcome.status === 'restored') return;
  if (outcome.status === 'there') {
    say(t('backup.there'));
    return;
  }
  const name = 'name' in outcome ? outcome.name : '';
  throw new UnmetNeedError([t(`backup.${outcome.status}`, { name })]);
}

/** From the schema of the backup to that of this program. */
async function bringForward(ownerUrl: string, migrationsFolder: string, t: Translate): Promise<void> {
  const outcome = await migrate(ownerUrl, migrationsFolder);
  if (outcome.status !== 'migrated') return refuse(outcome, t);
  await createQueueSchema(ownerUrl);
  say(t('backup.migrated', { count: outcome.applied.length }));
}

/** The log as its chains say, and every board as it was: its bytes, and drawn again from what was restored. */
async function prove(db: Database, manifest: Manifest, what: 'all' | 'labels', t: Translate): Promise<void> {
  const faults: string[] = [];
  for (const chain of await listChains(db)) {
    const { fault } = await checkChain(db, chain);
    if (fault !== null) faults.push(t('backup.log-differs', { chain }));
  }
  for (const board of manifest.boards) {
    const fault = await proveBoard(db, board, manifest.key !== null, t);
    if (fault !== null) faults.push(fault);
  }
  if (faults.length > 0) throw new UnmetNeedError(faults);
  await recordEvent(db, { actorId: null, kind: 'backup-restored', details: { createdAt: manifest.createdAt, what } });
}

/** Says that it is the same; returns what differs. */
async function proveBoard(
  db: Connection,
  { competitionId, ...board }: Manifest['boards'][number],
  hasLabels: boolean,
  t: Translate,
): Promise<string | null> {
  const found = await hashOfBoard(db, competitionId, board.version);
  if (found !== board.sha256) return t('backup.board-differs', { ...board, found });
  if (!hasLabels) {
    say(t('backup.board-undrawn', board));
    return null;
  }
  const { fault } = await replayBoards(db, competitionId, findTies);
  if (fault !== null) return t('backup.boards-differ', { ...board, kind: fault.kind });
  say(t('backup.board', board));
  return null;
}

function sayWhatIsDifferent({ key, objects }: Manifest, t: Translate): void {
  say(t('backup.restored'));
  if (key === null) say(t('backup.restored-without-labels'));
  if (!objects.withRecordings) say(t('backup.restored-without-recordings'));
}
