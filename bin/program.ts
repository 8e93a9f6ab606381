import { clientCommands } from './client-commands.ts';
import { type Commands, runOneOf } from './run.ts';

/** Every command: none waits for a database driver, nor for anything else that it does not need. */
export const commands: Commands = {
  ...clientCommands(() => commands),
  baseline: async (t) => (await import('./commands/baseline.ts')).baselineCommand(t),
  competition: async (t) => (await import('./commands/competition.ts')).competitionCommand(t),
  import: async (t) => (await import('./commands/import.ts')).importCommand(t),
  admin: async (t) => (await import('./commands/admin.ts')).adminCommand(t),
};

export function run(args: string[]): Promise<number> {
  return runOneOf(commands, args);
}
