// Runs a command to its end, with its output in a file and in hand.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

/**
 * In a group of its own, and the whole group is killed when `signal` is aborted: npm and Next start helpers.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Readonly<Record<string, string | undefined>>, logFile: string, signal: AbortSignal, onLine?: (line: string) => void }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runCommand(file, args, { cwd, env, logFile, signal, onLine }) {
  signal.throwIfAborted();
  const log = createWriteStream(logFile, { flags: 'a' });
  log.on('error', () => {});
  log.write(`\n${new Date().toISOString()} ${file} ${args.join(' ')}\n`);
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => killGroup(child.pid, 'SIGKILL');
  signal.addEventListener('abort', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      log.write(text);
      output += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine?.(line);
    });
  }
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => resolve(exitCode ?? 1));
    });
    signal.throwIfAborted();
    return { code, output };
  } finally {
    signal.removeEventListener('abort', kill);
    log.end();
  }
}

/**
 * @param {number | undefined} pid the first process of the group
 * @param {NodeJS.Signals} name
 */
export function killGroup(pid, name) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}
