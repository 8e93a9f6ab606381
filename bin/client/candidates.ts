import type { Command, Option } from 'commander';

/**
 * What may stand in the place of the last of `typed`, the words after the program's name: commands, options, values of options that
 * have few. `competitions` are slugs that were seen. Nothing where files belong.
 */
export function candidatesFor(program: Command, typed: readonly string[], competitions: readonly string[]): string[] {
  const prefix = typed.at(-1) ?? '';
  const { command, open } = walk(program, typed.slice(0, -1));
  const offered =
    open !== null
      ? valuesOf(open, competitions)
      : prefix.startsWith('-')
        ? [command, program].flatMap((one) => optionsOf(one))
        : wordsOf(command, competitions);
  return [...new Set(offered)].filter((word) => word.startsWith(prefix)).sort();
}

/** The command that the words lead to, and the option that still waits for its value. */
function walk(program: Command, words: readonly string[]): { command: Command; open: Option | null } {
  let command = program;
  let open: Option | null = null;
  for (const word of words) {
    if (open !== null && !word.startsWith('-')) {
      // An option that takes many values goes on until the next one.
      if (!open.variadic) open = null;
      continue;
    }
    const option = [...command.options, ...program.options].find(({ short, long }) => word === short || word === long);
    open = option !== undefined && (option.required || option.optional) ? option : null;
    if (word.startsWith('-')) continue;
    command = command.commands.find((one) => one.name() === word) ?? command;
  }
  return { command, open };
}

function valuesOf(option: Option, competitions: readonly string[]): readonly string[] {
  return option.argChoices ?? (option.long === '--competition' ? competitions : []);
}

function optionsOf(command: Command): string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
}

function wordsOf(command: Command, competitions: readonly string[]): readonly string[] {
  const commands = command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name());
  return command.registeredArguments[0]?.name() === 'slug' ? competitions : commands;
}
