#!/usr/bin/env node
import { run } from './program.ts';

// `rostrum score … | head` closes the pipe early, which is nobody's fault.
process.stdout.on('error', () => process.exit());
process.exitCode = await run(process.argv.slice(2));
