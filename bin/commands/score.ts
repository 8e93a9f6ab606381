import { Command } from 'commander';
import { errorsOf } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { parseReferences } from '#lib/predictions/references.ts';
import { parsePredictions } from '#lib/predictions.ts';
import type { ProfileName } from '#scoring/wer/normalise.ts';
import { type CorpusScore, type Measure, type ScorableUtterance, scoreCorpus } from '#scoring/wer/score.ts';
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
  const utterances = await readUtterances(options, t);
  const { profile, characters = false } = options;
  const result = scoreCorpus(utterances, { profile, characters });
  process.stdout.write(`${options.json ? JSON.stringify(result) : summaryOf(result, t)}\n`);
}

/** Without speakers in these files, every utterance is a unit of its own. */
async function readUtterances(options: Options, t: Translate): Promise<ScorableUtterance[]> {
  const limits = localLimits;
  const references = parseReferences(await readUnpacked(options.ref, limits), { format: options.refFormat, limits });
  if (!references.ok) throw new WrongInputError(options.ref, references.problems, references.total);
  const expected = [...references.references.keys()].map((id) => ({ id, seconds: null }));
  const predictions = await readUnpacked(options.hyp, limits);
  const parsed = parsePredictions(predictions, { expected, format: options.hypFormat, limits });
  printProblems(options.hyp, parsed.warnings, t);
  if (!parsed.ok) throw new WrongInputError(options.hyp, parsed.problems, parsed.total);
  return [...references.references].map(([id, reference]) => ({
    references: [reference],
    hypothesis: parsed.hypotheses.get(id)!,
    unit: id,
  }));
}

function summaryOf({ profile, scorerVersion, utterances, words, characters }: CorpusScore, t: Translate): string {
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
