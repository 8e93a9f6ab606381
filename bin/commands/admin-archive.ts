import { Command } from 'commander';
import { isRevealed } from '#lib/competition.ts';
import { type Database, readClock } from '#lib/db/client.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { ownerEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { writeWhole } from '#lib/objects/folder.ts';
import { writeZip } from '#lib/zip-writer.ts';
import { archiveFiles } from '#scoring/archive/files.ts';
import { withOwnerDatabase } from '../owner-database.ts';

type Options = { out?: string; recordings: boolean };

/** `rostrum admin archive SLUG [--out FILE] [--recordings]`: what the organiser's page gives out, written to a file. */
export function adminArchiveCommand(t: Translate): Command {
  return new Command('archive')
    .description(t('cli.admin-archive'))
    .argument('<slug>', t('cli.import-competition'))
    .option('--out <file>', t('cli.admin-archive-out'))
    .option('--recordings', t('cli.admin-archive-recordings'), false)
    .action((slug: string, options: Options) => withOwnerDatabase((db) => archive(db, slug, options, t)));
}

async function archive(db: Database, slug: string, { out, recordings }: Options, t: Translate): Promise<void> {
  const competition = await getCompetition(db, slug);
  if (!isRevealed(competition, await readClock(db))) throw new RefusedError('not-revealed', 409);
  const path = out ?? `${slug}.zip`;
  const files = await archiveFiles(db, competition, { place: ownerEnv(), withRecordings: recordings });
  let bytes = 0;
  await writeWhole(path, async (handle) => {
    for await (const piece of writeZip(files)) {
      bytes += piece.length;
      await handle.writeFile(piece);
    }
    return path;
  });
  process.stdout.write(`${t('cli.admin-archive-written', { path, files: files.length, bytes })}\n`);
}
