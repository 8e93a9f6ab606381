import { Command } from 'commander';
import { errorsOf } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { readReferences, scoreFile } from '#scoring/corpus.ts';
import { type Measure, measure } from '#scoring/measure.ts';
import { createNormaliser, type ProfileName } from '#scoring/wer/normalise.ts';
import { SCORER_VERSION } from '#scoring/wer/score.ts';
import { printProblems } from './explain.ts';
import { formatOption, profileOption } from './options.ts';
import { readUnpacked, WrongInputError, WrongUsageError } from './problems.ts';

type Options = {
  ref: string;
  hyp: string;
  refFormat?: Format;
  hypFormat?: Format;
  profile: ProfileName;
  characters?: true;
  json?: true;
};

/** What `--json` prints. */
type Result = {
  profile: ProfileName;
  scorerVersion: number;
  utterances: number;
  words: Measure;
  characters: Measure | null;
};

/** `rostrum score`: needs no server, no database and no network. */
export function scoreCommand(t: Translate): Command {
  const file = t('cli.argument-file');
  return new Command('score')
    .requiredOption('--ref <file>', t('cli.score-ref', { file }))
    .requiredOption('--hyp <file>', t('cli.score-hyp', { file }))
    .addOption(formatOption('--ref-format <format>', '--ref', t))
    .addOption(formatOption('--hyp-format <format>', '--hyp', t))
    .addOption(profileOption(t))
    .option('--characters', t('cli.score-characters'))
    .option('--json', t('cli.option-json'))
    .action((options: Options) => score(options, t));
}

async function score(options: Options, t: Translate): Promise<void> {
  if (options.ref === '-' && options.hyp === '-') throw new WrongUsageError([t('cli.score-same-file')]);
  const normaliser = createNormaliser(options.profile);
  const read = readReferences(await readUnpacked(options.ref, localLimits), normaliser, { format: options.refFormat });
  if (!read.ok) throw new WrongInputError(options.ref, read.problems, read.total);
  const scored = scoreFile(read.references, await readUnpacked(options.hyp, localLimits), {
    characters: options.characters ? 'with-spaces' : null,
    format: options.hypFormat,
  });
  printProblems(options.hyp, scored.warnings, t);
  if (!scored.ok) throw new WrongInputError(options.hyp, scored.problems, scored.total);
  // Without speakers in these files, every utterance is a unit of its own.
  const result: Result = {
    profile: options.profile,
    scorerVersion: SCORER_VERSION,
    utterances: read.references.length,
    words: measure(scored.words, null),
    characters: scored.characters && measure(scored.characters, null),
  };
  process.stdout.write(`${options.json ? JSON.stringify(result) : summaryOf(result, t)}\n`);
}

function summaryOf({ profile, scorerVersion, utterances, words, characters }: Result, t: Translate): string {
  const lines = [t('cli.score-head', { utterances, profile, version: scorerVersion }), lineOf('WER', words, t)];
  if (characters) lines.push(lineOf('CER', characters, t));
  return lines.join('\n');
}

function lineOf(measure: string, counts: Measure, t: Translate): string {
  if (counts.errorRate === null) return t('cli.score-no-rate', { measure, insertions: errorsOf(counts) });
  const { hits, substitutions, deletions, insertions, reference, errorRate: rate } = counts;
  const [low, high] = counts.interval ?? [];
  const interval = low === undefined || high === undefined ? '' : t('cli.score-interval', { low, high });
  return t('cli.score-rate', { measure, rate, interval, hits, substitutions, deletions, insertions, reference });
}
