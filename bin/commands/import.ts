import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Split, splits } from '#lib/competition.ts';
import { type ImportOutcome, importDataset } from '#lib/datasets/import.ts';
import { type ManifestFormat, manifestFormats } from '#lib/datasets/manifest.ts';
import type { FileReport } from '#lib/datasets/prepare.ts';
import type { Database } from '#lib/db/client.ts';
import { type Act, getCompetition, updateCompetition } from '#lib/db/competitions.ts';
import { ownerEnv } from '#lib/env.ts';
import type { MessageKey, Translate } from '#lib/messages/translate.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { printProblems } from './explain.ts';
import { WrongInputError } from './problems.ts';
import { progressLine } from './progress.ts';

type Options = {
  competition: string;
  format?: ManifestFormat;
  split?: Split;
  speaker?: string;
  group?: string;
  audio?: string;
  licence?: string;
  attribution?: string;
  reason: string;
};

const stages: Record<string, MessageKey> = {
  check: 'cli.import-checking',
  store: 'cli.import-storing',
  archive: 'cli.import-archiving',
};

/** `rostrum import`: a folder of recordings and transcripts becomes the data of a competition. */
export function importCommand(t: Translate): Command {
  return new Command('import')
    .argument('<path>', t('cli.import-path'))
    .requiredOption('--competition <slug>', t('cli.import-competition'))
    .addOption(choiceOption('--format <format>', 'cli.import-format', manifestFormats, t))
    .addOption(choiceOption('--split <split>', 'cli.import-split', splits, t))
    .option('--speaker <key>', t('cli.import-speaker'))
    .option('--group <key>', t('cli.import-group'))
    .option('--audio <folder>', t('cli.import-audio'))
    .option('--licence <text>', t('cli.import-licence'))
    .option('--attribution <text>', t('cli.import-attribution'))
    .option('--reason <text>', t('cli.competition-reason'), 'import')
    .action((path: string, options: Options) => withOwnerDatabase((db) => runImport(db, path, options, t)));
}

function choiceOption(flags: string, key: MessageKey, choices: readonly string[], t: Translate): Option {
  return new Option(flags, `${t(key)}: ${choices.join(', ')}`).choices([...choices]);
}

async function runImport(db: Database, path: string, options: Options, t: Translate): Promise<void> {
  const act: Act = { actorId: null, reason: options.reason };
  const { licence, attribution } = options;
  const texts = {
    ...(licence === undefined ? {} : { licence }),
    ...(attribution === undefined ? {} : { attribution }),
  };
  const { id } = await getCompetition(db, options.competition);
  // Before the import: everybody may see it at once.
  const competition = await updateCompetition(db, id, texts, act);
  const progress = progressLine((stage) => stages[stage]!, t);
  const outcome = await importDataset(db, competition, {
    path: resolve(path),
    place: ownerEnv(),
    format: options.format,
    split: options.split,
    speakerKey: options.speaker,
    groupKey: options.group,
    audioFolder: options.audio === undefined ? undefined : resolve(options.audio),
    act,
    onProgress: progress.show,
  }).finally(progress.end);
  for (const { file, warnings } of outcome.reports) printProblems(file, warnings, t);
  if (outcome.status === 'refused') throw wrongInputs(outcome.reports);
  for (const line of summary(outcome, t)) process.stdout.write(`${line}\n`);
}

function wrongInputs(reports: readonly FileReport[]): AggregateError {
  const wrong = reports.filter(({ problems }) => problems.total > 0);
  return new AggregateError(
    wrong.map(({ file, problems }) => new WrongInputError(file, problems.problems, problems.total)),
  );
}

function summary(outcome: Exclude<ImportOutcome, { status: 'refused' }>, t: Translate): string[] {
  const sizes = outcome.sizes.map(({ split, utterances, seconds }) =>
    t('cli.import-split-size', { split, utterances, minutes: Number((seconds / 60).toFixed(1)) }),
  );
  const { kept, copied } = outcome;
  return [
    ...sizes,
    t('cli.import-copied', { kept, copied }),
    t(`cli.import-${outcome.status}`, { version: outcome.labelVersion }),
  ];
}
