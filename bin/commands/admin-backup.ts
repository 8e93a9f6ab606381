import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { writeBackup } from '#lib/backup/write.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { chainEvents } from '#lib/db/log-chain.ts';
import { ownerEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { withDatabase, withOwnerAddress } from '../owner-database.ts';
import { readKeyFile } from './key-file.ts';
import { UnmetNeedError, WrongUsageError } from './problems.ts';

type Options = { keyFile?: string; labels: boolean; recordings: boolean; json: boolean };

/** `rostrum admin backup FILE`: tables, stored files and sealed labels, while the product runs. */
export function adminBackupCommand(t: Translate): Command {
  return new Command('backup')
    .description(t('backup.backup'))
    .argument('<file>', t('backup.backup-file'))
    .option('--key-file <file>', t('backup.backup-key-file'))
    .option('--without-labels', t('backup.backup-without-labels'), false)
    .option('--without-recordings', t('backup.backup-without-recordings'), false)
    .option('--json', t('backup.backup-json'), false)
    .action((file: string, { withoutLabels, withoutRecordings, ...options }) =>
      backup(file, { ...options, labels: !withoutLabels, recordings: !withoutRecordings }, t),
    );
}

async function backup(file: string, { keyFile, labels, recordings, json }: Options, t: Translate): Promise<void> {
  if ((keyFile === undefined) === labels) throw new WrongUsageError([t('backup.key-or-without')]);
  const path = resolve(file);
  if (existsSync(path)) throw new UnmetNeedError([t('backup.file-exists', { file })]);
  const secret = keyFile === undefined ? null : await readKeyFile(keyFile, t);
  const options = { place: ownerEnv(), secret, version: packageFile.version, withRecordings: recordings };
  const { manifest, bytes } = await withOwnerAddress(async (ownerUrl) => {
    // What no chain holds yet would be sealed by none of the backup's heads.
    await withDatabase(ownerUrl, chainEvents);
    const written = await writeBackup(path, { ...options, ownerUrl });
    const details = { bytes: written.bytes, labels, recordings };
    await withDatabase(ownerUrl, (db) => recordEvent(db, { actorId: null, kind: 'backup-made', details }));
    return written;
  });
  const { objects, tables, boards, createdAt } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const counted = { file, tables: tables.length, rows, files: objects.count, bytes };
  if (json) process.stdout.write(`${JSON.stringify({ ...counted, createdAt, boards, missing: objects.missing })}\n`);
  else process.stdout.write(`${t('backup.written', { ...counted, labels: labels ? 'sealed' : 'none' })}\n`);
  if (objects.missing.length > 0) {
    throw new UnmetNeedError([t('backup.missing', { files: objects.missing.length }), ...objects.missing]);
  }
}
