import { join } from 'node:path';
import type { OwnerEnv } from '#lib/env.ts';
import { localAddress } from './address.ts';
import { type AdminOptions, type DemoOutcome, firstAdministratorLink, type SignIn, seedDemo } from './admin.ts';
import { waitUntilReady } from './readiness.ts';
import { say } from './sentences.mjs';
import type { ServedProcesses } from './served.ts';
import type { StackOptions } from './stack.ts';

const readyLimitMs = 120_000;

/** Seeds the demo, or finds it there; null where this installation has none. */
export function beginDemo(options: StackOptions, env: OwnerEnv, signal: AbortSignal): Promise<DemoOutcome | null> {
  if (!env.demo) return Promise.resolve(null);
  return options.report.step('step-demo', (tell) => seedDemo(adminOptions(options, env, signal), tell));
}

/** Waits until the installation answers, with its demo where it has one, and tells the person where and as whom. */
export async function becomeReady(
  options: StackOptions,
  env: OwnerEnv,
  processes: ServedProcesses,
  seeding: Promise<DemoOutcome | null>,
): Promise<void> {
  const { report, signal } = options;
  const started = report.step('step-processes', async () => Promise.all([processes.web.ready, processes.worker.ready]));
  const [demo] = await orFailure(processes, Promise.all([seeding, started]));
  // Without its rows an installation with the demo never calls itself ready.
  const path = demo?.status === 'absent' ? '/healthz' : '/readyz';
  const url = `${env.tls === null ? 'http' : 'https'}://${localAddress(env.host, env.port)}${path}`;
  const reason = await orFailure(processes, waitUntilReady(url, readyLimitMs, signal));

  if (demo?.status === 'absent') report.line(say('demo-none', { reason: demo.reason }));
  if (reason !== null) report.line(say('not-ready', { address: env.origin, reason, logs: join(env.home, 'logs') }));
  else report.line(say('ready', { address: env.origin, seconds: (performance.now() / 1000).toFixed(1) }));
  if (demo?.status === 'seeded') showSignIns(options, demo.signIns);
  if (env.mode === 'production') await showFirstAdministrator(options, env);
  report.line(say('how-to-stop'));
}

/** The commands decide about demo and production by the same variables as this start. */
function adminOptions({ root, environment }: StackOptions, env: OwnerEnv, signal: AbortSignal): AdminOptions {
  const given = { ...environment, HOST: env.host, PORT: String(env.port), ROSTRUM_HOME: env.home };
  return { root, env: given, logFile: join(env.home, 'logs', 'admin.log'), signal };
}

function orFailure<Result>({ failed }: ServedProcesses, work: Promise<Result>): Promise<Result> {
  return Promise.race([work, failed]);
}

function showSignIns({ report }: StackOptions, signIns: readonly SignIn[]): void {
  if (signIns.length === 0) return;
  const widths = (['role', 'email'] as const).map((key) => Math.max(...signIns.map((signIn) => signIn[key].length)));
  const rows = signIns.map(({ role, email, password }) => [
    role.padEnd(widths[0]!),
    email.padEnd(widths[1]!),
    password,
  ]);
  report.line([say('sign-ins'), ...rows.map((row) => `  ${row.join('  ')}`)].join('\n'));
}

async function showFirstAdministrator(options: StackOptions, env: OwnerEnv): Promise<void> {
  const link = await firstAdministratorLink(adminOptions(options, env, options.signal));
  if (link !== null) options.report.line(`${say('first-administrator')}\n  ${link}`);
}
