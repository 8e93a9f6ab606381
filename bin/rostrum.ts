#!/usr/bin/env node
import { commandIn } from './commands/help.ts';

// `rostrum score … | head` closes the pipe early, which is nobody's fault.
process.stdout.on('error', () => process.exit());
const args = process.argv.slice(2);
const { run } = await (commandIn(args) === 'score' ? import('./score.ts') : import('./program.ts'));
process.exitCode = await run(args);
