import { join } from 'node:path';
import { type Backup, BackupError } from '#lib/backup/read.ts';
import { modelsFolder } from '#lib/baseline-models.ts';
import { findObstacleOf, type RestoreOutcome, restoreTables } from '#lib/db/backup-restore.ts';
import { writeWhole } from '#lib/objects/folder.ts';
import { type ObjectKind, type ObjectPlace, objectStore } from '#lib/objects.ts';

/**
 * Brings a checked backup into an empty database and the stored files into `place`. Files come first and under names that are their
 * digests, so that no row is there before what it names; ones that were there stay. What ended it midway left no row or all of them, and it
 * can be begun again.
 */
export async function restoreBackup(
  { manifest, textOf, files }: Backup,
  target: { ownerUrl: string; place: ObjectPlace; migrationsFolder: string },
): Promise<RestoreOutcome> {
  const { ownerUrl, place, migrationsFolder } = target;
  const obstacle = await findObstacleOf(ownerUrl, manifest);
  if (obstacle !== null) return obstacle;
  for await (const { name, content } of files()) {
    const [kind, digest = ''] = name.split('/');
    if (kind !== 'recordings' && kind !== 'archives') await writeModel(modelPath(place.home, name), content());
    else await keepObject(place, kind, digest, name, content());
  }
  return restoreTables(ownerUrl, migrationsFolder, manifest, textOf);
}

/** Throws where what came is not what its name says. */
async function keepObject(
  place: ObjectPlace,
  kind: ObjectKind,
  digest: string,
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { sha256 } = await objectStore(place).keepPieces(kind, pieces);
  if (sha256.toString('hex') !== digest) throw new BackupError('part-unknown', name);
}

async function writeModel(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  await writeWhole(path, async (handle) => {
    for await (const piece of pieces) await handle.writeFile(piece);
    return path;
  });
}

/** Throws where the name would lead anywhere else. */
function modelPath(home: string, name: string): string {
  const [folder, ...rest] = name.split('/');
  const isPlain = rest.length > 0 && rest.every((part) => part !== '' && part !== '.' && part !== '..');
  if (folder !== 'models' || !isPlain) throw new BackupError('part-unknown', name);
  return join(modelsFolder(home), ...rest);
}
