// How long a launcher lives: until Ctrl-C, TERM, HUP, or the end of the npm that started it. npm does not pass TERM on to its
// script, it just ends, and a shell may stand between the two.
import { commandOf, isAlive, parentOf } from '../../lib/processes.mjs';

const lookEveryMs = 200;

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ signal: AbortSignal, ended: Promise<void> }} aborted, and resolved, when it is time to stop
 */
export function beginLifetime(env) {
  const controller = new AbortController();
  const end = () => controller.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, end);
  if (env.npm_lifecycle_event !== undefined) watchNpm(end);
  // A closed terminal or pipe must not end the stack by an error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const ended = new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve(undefined)));
  return { signal: controller.signal, ended };
}

/** @param {() => void} end */
function watchNpm(end) {
  const links = chainToNpm();
  const timer = setInterval(() => {
    if (links.every(isUnbroken)) return;
    clearInterval(timer);
    end();
  }, lookEveryMs);
  timer.unref();
}

/** @typedef {{ child: number, parent: number }} Link */

/**
 * From this process over the shells to the first ancestor that is none: npm.
 * @returns {Link[]}
 */
function chainToNpm() {
  const links = [{ child: process.pid, parent: process.ppid }];
  for (let shell = process.ppid; isShell(shell); shell = parentOf(shell)) {
    links.push({ child: shell, parent: parentOf(shell) });
  }
  return links;
}

/** @param {number} pid */
function isShell(pid) {
  return /^\S*\b(sh|dash|bash|zsh|ash|busybox)\s+-c\s/.test(commandOf(pid));
}

/**
 * A child whose parent has ended is given to another. Where reading that would cost a process each time, the parent is asked.
 * @param {Link} link
 */
function isUnbroken({ child, parent }) {
  if (child === process.pid) return process.ppid === parent;
  return process.platform === 'linux' ? parentOf(child) === parent : isAlive(parent);
}
