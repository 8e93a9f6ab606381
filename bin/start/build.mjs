// Bundle and pages, each only where its sources changed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runCommand } from './commands.mjs';
import { diskFull } from './folders.mjs';
import { waitForLock } from './lock.mjs';
import { Refusal } from './sentences.mjs';
import { basePathOf, hashOfSources, isFresh, outputPath } from './sources.mjs';

/** @typedef {{ env: Readonly<Record<string, string | undefined>>, logFile: string, signal: AbortSignal }} BuildOptions */

const buildLimitMs = 600_000;

/**
 * @param {string} root
 * @param {BuildOptions} options
 */
export async function buildBundle(root, options) {
  await build(root, [join(root, 'bin/bundle.mjs')], options);
}

/**
 * One at a time in a clone: whoever waited finds the work done.
 * @param {string} root
 * @param {BuildOptions} options of its variables ROSTRUM_URL says what the pages stand below
 */
export async function buildPages(root, options) {
  const basePath = basePathOf(options.env.ROSTRUM_URL);
  const lock = await waitForLock(join(root, 'dist/pages.json'), buildLimitMs, options.signal);
  try {
    if (isFresh(root, 'pages', basePath)) return;
    const sources = hashOfSources(root, 'pages', basePath);
    const env = { ...options.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
    await build(root, [join(root, 'node_modules/next/dist/bin/next'), 'build'], { ...options, env });
    writeFileSync(outputPath(root, 'pages', basePath), sources);
  } finally {
    if (lock.status === 'held') lock.release();
  }
}

/**
 * @param {string} root
 * @param {string[]} args
 * @param {BuildOptions} options
 */
async function build(root, args, options) {
  const { code, output } = await runCommand(process.execPath, args, { ...options, cwd: root });
  if (code === 0) return;
  if (output.includes('ENOSPC') || output.includes('No space left')) throw diskFull(root);
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const reason = lines.find((line) => /ERROR: |Error: (?!Turbopack)/.test(line)) ?? lines.at(-1) ?? '';
  throw new Refusal(
    'build-failed',
    { reason: reason.trim().replace(/\.$/, ''), log: options.logFile },
    { details: lines.slice(-30).join('\n') },
  );
}
