#!/usr/bin/env node
// The command of the package for teams.
import module from 'node:module';
import { nodeTrouble } from '../start/node-version.mjs';

// Since Node 22: what was compiled once is not compiled again.
module.enableCompileCache?.();
process.stdout.on('error', () => process.exit());
const trouble = nodeTrouble();
if (trouble === null) {
  const { run } = await import('./client.mjs');
  process.exitCode = await run(process.argv.slice(2));
} else {
  process.stderr.write(`${trouble.message}\n`);
  process.exitCode = 3;
}
