import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/*
 * The container engine, by its command line.
 */

export const root = join(import.meta.dirname, '../..');

/** What a program says; throws with its end where it fails. */
export function run(program: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
    timeout: 1_800_000,
    ...options,
  });
  if (status === 0) return String(stdout ?? '').trim();
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${program} ${args.slice(0, 4).join(' ')} … ended with ${status}: ${error?.message ?? said}`);
}

export const docker = (...args: readonly string[]) => run('docker', args);

/** Why there is no engine to use; null where there is one. */
export function missingEngine(): string | null {
  for (const args of [['version'], ['compose', 'version']]) {
    const { status, stderr, error } = spawnSync('docker', args, { encoding: 'utf8', timeout: 20_000 });
    if (status !== 0)
      return `docker ${args.join(' ')}: ${(error?.message ?? stderr.trim().split('\n').at(-1)) || status}`;
  }
  return null;
}

/** Names of the images that compose.yaml runs, by service, and of the one that Dockerfile stands on as `node`. */
export function imageNames(): Record<string, string> {
  const compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true });
  const services = Object.entries(compose.services as Record<string, { image?: string }>);
  const [, node = ''] = /^FROM (node:\S+)/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8')) ?? [];
  return { node, ...Object.fromEntries(services.flatMap(([name, { image }]) => (image ? [[name, image]] : []))) };
}
