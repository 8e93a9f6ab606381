// `npm start`: from a bare clone to a running installation. Until its packages are there it uses nothing but Node.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle } from './start/build.mjs';
import { prepareHome } from './start/folders.mjs';
import { install, isInstalled } from './start/install.mjs';
import { beginLifetime } from './start/lifetime.mjs';
import { takeLock, waitForLock } from './start/lock.mjs';
import { nodeTrouble } from './start/node-version.mjs';
import { openReport } from './start/report.mjs';
import { Refusal, say } from './start/sentences.mjs';
import { isFresh } from './start/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// Everything must be gone five seconds after a TERM, whatever hangs.
const stopLimitMs = 4_500;

async function main() {
  const trouble = nodeTrouble();
  if (trouble !== null) throw trouble;
  const lifetime = beginLifetime(process.env);
  lifetime.ended.then(() => setTimeout(() => process.exit(1), stopLimitMs).unref());
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const home = resolve(process.env.ROSTRUM_HOME?.trim() || join(root, '.rostrum'));
  prepareHome(home);
  const lock = requireHome(home);
  const report = openReport(process.stdout);
  try {
    await makeProgram(home, report, lifetime.signal);
    const { runStack } = await import('../dist/stack.mjs');
    await runStack({
      root,
      environment: process.env,
      development: process.argv.includes('--dev'),
      report,
      signal: lifetime.signal,
      tell: lock.tell,
    });
  } catch (error) {
    if (!lifetime.signal.aborted) throw error;
  } finally {
    lock.release();
  }
  report.line(say('stopped'));
}

/** @param {string} home */
function requireHome(home) {
  const lock = takeLock(join(home, 'running.json'));
  if (lock.status === 'held') return lock;
  const { pid, address } = lock.holder;
  if (address === undefined) throw new Refusal('already-starting', { pid });
  throw new Refusal('already-running', { pid, address });
}

/**
 * Packages and the bundle. Two starts on different homes share the clone, so one of them waits.
 * @param {string} home
 * @param {import('./start/report.mjs').Report} report
 * @param {AbortSignal} signal
 */
async function makeProgram(home, report, signal) {
  const isReady = () => isInstalled(root, { withDevelopment: false }) && isFresh(root, 'bundle');
  if (isReady()) return;
  const lock = await waitForLock(join(root, 'dist/making.json'), 300_000, signal);
  try {
    const options = { env: process.env, signal };
    if (!isInstalled(root, { withDevelopment: false })) {
      const logFile = join(home, 'logs/install.log');
      await report.step('step-install', () => install(root, { ...options, logFile }));
    }
    if (!isFresh(root, 'bundle')) await buildBundle(root, { ...options, logFile: join(home, 'logs/build.log') });
  } finally {
    if (lock.status === 'held') lock.release();
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const isExplained = error instanceof Error && error.name === 'Refusal';
  process.stderr.write(`${isExplained ? error.message : (error.stack ?? error)}\n`);
  if (isExplained && error.details) process.stderr.write(`${error.details}\n`);
  process.exit(1);
}
