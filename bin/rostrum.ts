#!/usr/bin/env node
import module from 'node:module';
import { commandIn } from './commands/help.ts';
import type { ClientCommandName } from './run.ts';
import { onThisNode } from './start/node-version.mjs';

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
process.exitCode = await onThisNode(async () => (await bundleOf(commandIn(args))).run(args));

/** `score` and the client are bundles of their own, which do not have to find and read many small files. */
function bundleOf(command: string | undefined): Promise<{ run(args: string[]): Promise<number> }> {
  if (command === 'score') return import('./score.ts');
  return command !== undefined && ofServers.includes(command) ? import('./client.ts') : import('./program.ts');
}
