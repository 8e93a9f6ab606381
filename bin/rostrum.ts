#!/usr/bin/env node
import module from 'node:module';
import { commandIn } from './commands/help.ts';
import type { ClientCommandName } from './run.ts';
import { nodeTrouble } from './start/node-version.mjs';

const ofServers: readonly string[] = [
  'login',
  'logout',
  'whoami',
  'competitions',
  'data',
  'submit',
  'status',
  'submissions',
  'leaderboard',
] satisfies ClientCommandName[];

// Since Node 22: what was compiled once is not compiled again.
module.enableCompileCache?.();
// `rostrum score … | head` closes the pipe early, which is nobody's fault.
process.stdout.on('error', () => process.exit());
const args = process.argv.slice(2);
const trouble = nodeTrouble();
if (trouble === null) process.exitCode = await (await bundleOf(commandIn(args))).run(args);
else {
  process.stderr.write(`${trouble.message}\n`);
  process.exitCode = 3;
}

/** `score` and the client are bundles of their own, which do not have to find and read many small files. */
function bundleOf(command: string | undefined): Promise<{ run(args: string[]): Promise<number> }> {
  if (command === 'score') return import('./score.ts');
  return command !== undefined && ofServers.includes(command) ? import('./client.ts') : import('./program.ts');
}
