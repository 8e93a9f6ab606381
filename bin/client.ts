import { clientCommands } from './client-commands.ts';
import { runOneOf } from './run.ts';

/** What teams install: no database, no server, one file. */
const commands = clientCommands(() => commands);

export function run(args: string[]): Promise<number> {
  return runOneOf(commands, args);
}
