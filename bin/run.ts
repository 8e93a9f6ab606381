import { Command } from 'commander';
import { chooseLanguage, type Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import packageFile from '../package.json' with { type: 'json' };
import { commandIn, speaking } from './commands/help.ts';
import { speak, terminalLanguage } from './start/sentences.mjs';

/** Brings the messages, in the reader's language. */
export type Words = () => Promise<Translate>;

/** Its line in the help is the message `cli.${name}`. */
export type CommandName =
  | ClientCommandName
  | 'score'
  | 'validate'
  | 'normalise'
  | 'baseline'
  | 'competition'
  | 'import'
  | 'admin'
  | 'completion';

/** What is asked of a server's API. */
export type ClientCommandName =
  | 'login'
  | 'logout'
  | 'whoami'
  | 'competitions'
  | 'data'
  | 'submit'
  | 'status'
  | 'submissions'
  | 'leaderboard';

/** Commands in the order of the help, loaded only when they are the one that runs. */
export type Commands = { readonly [Name in CommandName]?: (t: Translate, words: Words) => Promise<Command> };

/** Returns the exit code: 0 done, 1 the input is wrong, 2 wrong usage, 3 refused, unreachable, or something is missing. */
export async function runOneOf(commands: Commands, args: string[]): Promise<number> {
  const language = chooseLanguage(languageOption(args), terminalLanguage());
  const words = () => wordsIn(language);
  speak(language);
  try {
    const t = isSilent(args) ? () => '' : await words();
    await (await createProgram(commands, commandIn(args), t, words)).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const { explain } = await import('./commands/explain.ts');
    return await explain(error, args, await words());
  } finally {
    speak(undefined);
  }
}

/** The messages and their parser take longer to load than a small file takes to score. */
async function wordsIn(language: Language): Promise<Translate> {
  const { translator } = await import('#lib/messages/translate.ts');
  return translator(language);
}

/** Where nobody asks for help, the descriptions of options are not read; `score` brings what else it says. */
function isSilent(args: readonly string[]): boolean {
  return commandIn(args) === 'score' && !args.some((arg) => arg === '--help' || /^-[a-zA-Z]*h/.test(arg));
}

/** The command line with all of the command that is `wanted`, and of the others their names. */
export async function createProgram(
  commands: Commands,
  wanted: string | undefined,
  t: Translate,
  words: Words,
): Promise<Command> {
  const program = speaking(new Command('rostrum'), t)
    .description(t('cli.description'))
    .option('--language <language>', t('cli.option-language'))
    .version(packageFile.version, '-V, --version', t('cli.option-version'));
  for (const [name, load] of Object.entries(commands)) {
    const command = name === wanted ? await load(t, words) : new Command(name);
    program.addCommand(speaking(command, t).description(t(`cli.${name as CommandName}`)));
  }
  return program;
}

/** The language has to be known before any option is declared, since their descriptions are in it. */
function languageOption(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === '--language' || arg.startsWith('--language='));
  return args[at]?.includes('=') ? args[at].slice('--language='.length) : at === -1 ? undefined : args[at + 1];
}
