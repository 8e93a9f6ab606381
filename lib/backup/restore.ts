import { join } from 'node:path';
import { type Backup, BackupError } from '#lib/backup/read.ts';
import { modelsFolder } from '#lib/baseline-models.ts';
import { findObstacleOf, type RestoreOutcome, restoreTables } from '#lib/db/backup-restore.ts';
import { archivePath, recordingPath, writeWhole } from '#lib/recordings.ts';

/**
 * Brings a checked backup into an empty database and the stored files into `home`. Files come first and under names that are their
 * digests, so that no row is there before what it names; ones that were there stay.
 */
export async function restoreBackup(
  { manifest, textOf, files }: Backup,
  target: { ownerUrl: string; home: string; migrationsFolder: string },
): Promise<RestoreOutcome> {
  const { ownerUrl, home, migrationsFolder } = target;
  const obstacle = await findObstacleOf(ownerUrl);
  if (obstacle !== null) return obstacle;
  for await (const { name, content } of files()) {
    const path = pathOf(home, name);
    await writeWhole(path, async (handle) => {
      for await (const piece of content()) await handle.writeFile(piece);
      return path;
    });
  }
  return restoreTables(ownerUrl, migrationsFolder, manifest, textOf);
}

/** Throws where the name would lead anywhere else. */
function pathOf(home: string, name: string): string {
  const [folder = '', ...rest] = name.split('/');
  const digest = Buffer.from(rest.join(), 'hex');
  if (folder === 'recordings' && digest.length === 32) return recordingPath(home, digest);
  if (folder === 'archives' && digest.length === 32) return archivePath(home, digest);
  const isPlain = rest.length > 0 && rest.every((part) => part !== '' && part !== '.' && part !== '..');
  if (folder !== 'models' || !isPlain) throw new BackupError('part-unknown', name);
  return join(modelsFolder(home), ...rest);
}
