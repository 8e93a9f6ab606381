import { CommanderError } from 'commander';
import { RefusedError } from '#lib/errors.ts';
import { isMessageKey, type Translate } from '#lib/messages/translate.ts';
import { type Problem, sentenceOf } from '#lib/problems.ts';
import { explainClient } from '../client/sentences.ts';
import { Refusal, settingsRefusal } from '../start/sentences.mjs';
import { commandIn, usageSentence } from './help.ts';
import {
  UnmetNeedError,
  UnreadableFileError,
  UnwritableFileError,
  WrongInputError,
  WrongUsageError,
} from './problems.ts';

/** Says on stderr why a command did not do its work; returns the exit code. */
export async function explain(error: unknown, args: readonly string[], t: Translate): Promise<number> {
  if (error instanceof AggregateError) {
    const codes = [];
    for (const one of error.errors) codes.push(await explain(one, args, t));
    return Math.max(...codes);
  }
  if (error instanceof CommanderError) return explainUsage(error, args, t);
  if (error instanceof WrongUsageError) {
    error.sentences.forEach(printError);
    return 2;
  }
  if (error instanceof WrongInputError) {
    printProblems(error.file, error.problems, t);
    const more = error.total - error.problems.length;
    if (more > 0) printError(`${error.file}: ${t('cli.more-problems', { more, total: error.total })}`);
    return 1;
  }
  const client = explainClient(error, t);
  if (client !== null) {
    client.lines.forEach(printError);
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ error: client.problem })}\n`);
    return client.code;
  }
  if (error instanceof UnmetNeedError) error.sentences.forEach(printError);
  else printError(await reasonOf(error, t));
  return 3;
}

/** One line each, `file:line:column: code: sentence`; problems and warnings alike. */
export function printProblems(file: string, problems: readonly Problem[], t: Translate): void {
  for (const problem of problems) {
    printError(`${file}:${problem.line}:${problem.column}: ${problem.code}: ${sentenceOf(problem, t)}`);
  }
}

export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}

function explainUsage(error: CommanderError, args: readonly string[], t: Translate): number {
  if (error.exitCode === 0) return 0; // the help or the version was asked for
  printError(usageSentence(error, t));
  const command = error.code === 'commander.unknownCommand' ? undefined : commandIn(args);
  printError(t('cli.see-help', { command: ['rostrum', command].filter(Boolean).join(' ') }));
  return 2;
}

async function reasonOf(error: unknown, t: Translate): Promise<string> {
  if (error instanceof UnreadableFileError || error instanceof UnwritableFileError) {
    const { code = '', message } = error.cause as NodeJS.ErrnoException;
    const key = error instanceof UnreadableFileError ? 'cli.file-unreadable' : 'cli.file-unwritable';
    const known = `cli.reason-${code.toLowerCase()}`;
    return t(key, { file: error.file, reason: isMessageKey(known) ? t(known) : code || message });
  }
  if (error instanceof RefusedError) {
    const key = `common.error-${error.code}`;
    return isMessageKey(key) ? t(key, error.values) : error.message;
  }
  const refusal = (await refusalOfSettings(error)) ?? error;
  if (refusal instanceof Refusal) return [refusal.message, refusal.details].filter(Boolean).join('\n');
  const account = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${account}\n${t('cli.unexpected')}`;
}

/** The module is read only where it is needed: the schema library comes along, and the package for teams is without both. */
async function refusalOfSettings(error: unknown): Promise<Refusal | null> {
  if (!(error instanceof Error) || error.name !== 'SettingsError') return null;
  const { SettingsError } = await import('#lib/settings.ts');
  return error instanceof SettingsError ? settingsRefusal(error.problems) : null;
}
