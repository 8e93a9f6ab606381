// Native packages beside the installation's own, each in a folder of its own that is there whole or not at all.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isNetworkTrouble, npmReason, runNpm } from './install.mjs';

/**
 * Fetches a package with what it needs into `folder`, in place of what was there, unless `accept` turns it down.
 * @param {{ name: string, version: string }} wanted
 * @param {{
 *   folder: string,
 *   logFile: string,
 *   timeoutMs: number,
 *   env?: Readonly<Record<string, string | undefined>>,
 *   accept: (folder: string) => Promise<boolean>,
 * }} options accept: gets the unfinished folder, whose packages can be loaded
 * @returns {Promise<
 *   { status: 'installed' | 'turned-down' | 'no-network' | 'timed-out' } | { status: 'failed', reason: string }
 * >}
 */
export async function installNative({ name, version }, { folder, logFile, timeoutMs, env = process.env, accept }) {
  const unfinished = `${folder}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  // Its install script fetches a library; npm asks for leave by name.
  writeFileSync(`${unfinished}/package.json`, JSON.stringify({ private: true, allowScripts: { [name]: true } }));
  const args = [
    'install',
    `${name}@${version}`,
    '--prefix',
    unfinished,
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
  ];
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { code, output } = await runNpm([...args, '--foreground-scripts'], { cwd: unfinished, env, logFile, signal });
    if (code !== 0)
      return isNetworkTrouble(output) ? { status: 'no-network' } : { status: 'failed', reason: npmReason(output) };
    if (!(await accept(unfinished))) return { status: 'turned-down' };
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    return { status: 'installed' };
  } catch (error) {
    if (signal.aborted) return { status: 'timed-out' };
    throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
