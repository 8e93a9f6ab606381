#!/usr/bin/env node
// The command of the package for teams.
import module from 'node:module';
import { onThisNode } from '../start/node-version.mjs';

// Since Node 22: what was compiled once is not compiled again.
module.enableCompileCache?.();
process.stdout.on('error', () => process.exit());
process.exitCode = await onThisNode(async () => (await import('./client.mjs')).run(process.argv.slice(2)));
