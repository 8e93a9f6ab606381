import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { localLimits, uploadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { parseExpected } from '#lib/predictions/references.ts';
import { parsePredictions } from '#lib/predictions.ts';
import { printProblems } from './explain.ts';
import { formatOption } from './options.ts';
import { readUnpacked, WrongInputError, WrongUsageError } from './problems.ts';

type Options = { ids: string; format?: Format };

/** `rostrum validate`: the server's own check with the server's own limits, before a file is sent. */
export function validateCommand(t: Translate): Command {
  const file = t('cli.argument-file');
  return new Command('validate')
    .argument('<predictions>', file)
    .requiredOption('--ids <file>', t('cli.validate-ids', { file }))
    .addOption(formatOption('--format <format>', 'predictions', t))
    .action((path: string, options: Options) => validate(path, options, t));
}

async function validate(path: string, { ids, format }: Options, t: Translate): Promise<void> {
  if (path === '-' && ids === '-') throw new WrongUsageError([t('cli.validate-same-file')]);
  const list = parseExpected(await readUnpacked(ids, localLimits));
  if (!list.ok) throw new WrongInputError(ids, list.problems, list.total);
  const parsed = parsePredictions(await readUnpacked(path, uploadLimits), { expected: list.expected, format });
  printProblems(path, parsed.warnings, t);
  if (!parsed.ok) throw new WrongInputError(path, parsed.problems, parsed.total);
  const count = parsed.hypotheses.size;
  process.stdout.write(`${t('cli.validate-fine', { file: path, format: parsed.format, count })}\n`);
}
