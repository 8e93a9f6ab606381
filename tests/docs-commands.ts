import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { commands } from '../bin/program.ts';

/*
 * Whether a command that a page of the documentation tells people to type is one that the program takes: parsed by commander
 * from the program's own tree, with nothing done in the end.
 */

const root = join(import.meta.dirname, '..');

/** Why commands are wrong, or null. */
export type Commands = {
  /** A whole command as in a block: with its options, and everything it must have. */
  whole(words: readonly string[]): string | null;
  /** A command as named within a sentence: perhaps without what it must have. */
  named(words: readonly string[]): string | null;
  hasOption(flag: string): boolean;
};

/** What people have on their machines, or install as the page says. */
const otherPrograms = new Set(
  'apt-get aws caddy cat cd chmod chown cp createdb curl docker echo exit export git gunzip gzip head journalctl jq kill ls mkdir mv nginx openssl pg_dump pip psql rm rsync scp sh sha256sum source ssh sudo systemctl tail tar unzip useradd'.split(
    ' ',
  ),
);
const npmOwn = new Set(['ci', 'install', 'pack', 'audit']);

export async function readCommands(): Promise<Commands> {
  const program = await inertProgram();
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const toolkit = readFileSync(join(root, 'public/toolkit/rostrum.py'), 'utf8');
  const all = allBelow(program);
  return {
    whole: (words) => checkProgram(words, scripts, toolkit, (args) => parseWhole(program, args)),
    named: (words) => checkProgram(words, scripts, toolkit, (args) => findNamed(program, args)),
    hasOption: (flag) => all.some((command) => hasOption(command, flag)),
  };
}

/** `words` begins with the program's name; assignments before it are gone. */
function checkProgram(
  words: readonly string[],
  scripts: Record<string, string>,
  toolkit: string,
  check: (args: readonly string[]) => string | null,
): string | null {
  const [name = '', first = '', ...rest] = words;
  if (name === 'rostrum') return check(words.slice(1));
  if (name === 'node' && first.endsWith('dist/rostrum.mjs')) return check(rest);
  if (name === 'python3' && first.endsWith('rostrum.py')) return checkToolkit(rest, toolkit);
  if (name === 'npm') return checkNpm(first, rest, scripts, check);
  if (name === 'sudo') return checkProgram(words.slice(1), scripts, toolkit, check);
  return otherPrograms.has(name) || name === 'python3' || name === 'node' ? null : `there is no program ${name}`;
}

function checkNpm(
  first: string,
  rest: readonly string[],
  scripts: Record<string, string>,
  check: (args: readonly string[]) => string | null,
): string | null {
  if (npmOwn.has(first)) return null;
  const script = first === 'run' ? (rest.find((word) => !word.startsWith('-')) ?? '') : first;
  if (scripts[script] === undefined) return `package.json has no script ${script}`;
  const dashes = rest.indexOf('--');
  return script === 'rostrum' && dashes !== -1 ? check(rest.slice(dashes + 1)) : null;
}

/** By the names in its source: its parser is Python's. */
function checkToolkit(args: readonly string[], source: string): string | null {
  const unknown = args.find((arg) => arg.startsWith('--') && !source.includes(`"${arg.split('=')[0]}"`));
  if (unknown !== undefined) return `rostrum.py has no option ${unknown}`;
  const command = args.find((arg, i) => !arg.startsWith('-') && !args[i - 1]?.startsWith('--'));
  return command === undefined || source.includes(`add_parser("${command}"`)
    ? null
    : `rostrum.py has no command ${command}`;
}

function parseWhole(program: Command, args: readonly string[]): string | null {
  try {
    program.parse([...args], { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommanderError) return error.code === 'commander.helpDisplayed' ? null : error.message;
    throw error;
  }
}

function findNamed(program: Command, args: readonly string[]): string | null {
  let command = program;
  for (const arg of args) {
    if (arg.startsWith('-')) {
      if (!hasOption(command, arg.split('=')[0]!) && !hasOption(program, arg))
        return `${command.name()} has no option ${arg}`;
    } else if (command.commands.length > 0) {
      const next = command.commands.find((one) => one.name() === arg);
      if (next === undefined) return `${command.name()} has no command ${arg}`;
      command = next;
    }
  }
  return null;
}

function hasOption(command: Command, flag: string): boolean {
  return (
    ['--help', '-h', '--version', '--language'].includes(flag) ||
    command.options.some(({ long, short }) => long === flag || short === flag)
  );
}

/** The program with every command in it, none of which does anything. */
async function inertProgram(): Promise<Command> {
  const program = new Command('rostrum').option('--language <language>').version('0');
  const words = async () => () => '';
  for (const load of Object.values(commands)) program.addCommand(await load(() => '', words));
  for (const command of allBelow(program)) {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
    if (command.commands.length === 0) command.action(() => {});
  }
  return program;
}

function allBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allBelow)];
}
