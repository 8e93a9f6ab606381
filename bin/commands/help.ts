import type { Command, CommanderError, Help } from 'commander';
import type { MessageKey, Translate } from '#lib/messages/translate.ts';

/** Commander's own words are English: titles of the help are replaced here, and its errors thrown for `usageSentence`. */
const titles: Record<string, MessageKey> = {
  'Usage:': 'cli.help-usage',
  'Options:': 'cli.help-options',
  'Arguments:': 'cli.help-arguments',
  'Commands:': 'cli.help-commands',
};

/** Makes a command and all below it speak the reader's language, and throw instead of ending the process. */
export function speaking(command: Command, t: Translate): Command {
  command
    .helpOption('-h, --help', t('cli.option-help'))
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ ...plainDescriptions, styleTitle: (title) => (titles[title] ? t(titles[title]) : title) });
  for (const subcommand of command.commands) speaking(subcommand, t);
  return command;
}

/** Choices and defaults are told in the descriptions themselves, in the reader's language. */
const plainDescriptions: Partial<Help> = {
  optionDescription: (option) => option.description,
  argumentDescription: (argument) => argument.description,
};

/** The first argument that is neither an option nor the value of `--language`, the only option before a command. */
export function commandIn(args: readonly string[]): string | undefined {
  return args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--language');
}

/** What is wrong with what was typed, and what may have been meant. */
export function usageSentence(error: CommanderError, t: Translate): string {
  const [, names] = /\(Did you mean (?:one of )?(.+)\?\)/.exec(error.message) ?? [];
  const sentence = plainSentence(error, t);
  return names === undefined ? sentence : `${sentence} ${t('cli.usage-did-you-mean', { names })}`;
}

/** Commander tells the names only inside its English message. */
function plainSentence(error: CommanderError, t: Translate): string {
  const [name = '', value = ''] = [...error.message.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
  switch (error.code) {
    case 'commander.unknownOption':
      return t('cli.usage-unknown-option', { name });
    case 'commander.unknownCommand':
      return t('cli.usage-unknown-command', { name });
    case 'commander.missingArgument':
      return t('cli.usage-missing-argument', { name });
    case 'commander.missingMandatoryOptionValue':
      return t('cli.usage-missing-option', { name });
    case 'commander.optionMissingArgument':
      return t('cli.usage-missing-value', { name });
    case 'commander.invalidArgument': {
      const choices = /choices are (.*)\.$/.exec(error.message)?.[1] ?? '';
      return t('cli.usage-invalid-value', { name, value, choices });
    }
    case 'commander.excessArguments':
      return t('cli.usage-excess-arguments');
    case 'commander.help':
      return t('cli.usage-no-command');
    default:
      return error.message;
  }
}
