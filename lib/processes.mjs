// What the operating system says of a process. Linux is read from /proc, because a slim container has no `ps`.
import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** @param {number} pid */
export function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
  // A zombie answers signals. In a container without an init nobody ever collects it.
  return process.platform !== 'linux' || statFields(pid)[0] !== 'Z';
}

/**
 * Tells a process from a later one that got the same number: its start, or '' where it is gone.
 * @param {number} pid
 * @returns {string}
 */
export function identityOf(pid) {
  if (!isAlive(pid)) return '';
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const boot = readText('/proc/sys/kernel/random/boot_id');
  const start = statFields(pid)[19];
  return start === undefined ? '' : `${boot} ${start}`;
}

/** In what numbers of processes mean something: this boot of this machine and, where there are containers, this one. */
export function processSpace() {
  if (process.platform !== 'linux') return hostname();
  return [hostname(), readText('/proc/sys/kernel/random/boot_id'), readLink('/proc/self/ns/pid')].join(' ');
}

/**
 * @param {number} pid
 * @returns {string} the command line, '' where the process is gone
 */
export function commandOf(pid) {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  return readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

/**
 * @param {number} pid
 * @returns {number} 0 where the process is gone
 */
export function parentOf(pid) {
  if (process.platform !== 'linux') return Number(ps(pid, 'ppid='));
  return Number(statFields(pid)[1] ?? 0);
}

/**
 * /proc/PID/stat after the name in brackets, which may hold anything: [state, ppid, …, starttime (19), …].
 * @param {number} pid
 */
function statFields(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .filter(Boolean);
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** @param {string} path */
function readLink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/**
 * @param {number} pid
 * @param {string} column
 */
function ps(pid, column) {
  const { stdout } = spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}
