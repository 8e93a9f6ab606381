import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../bin/start/address.ts';
import { eventually } from './workers.ts';

/*
 * Real proxies with the very files of deploy/; only ports and certificate are the test's.
 */

export type TestProxy = {
  port: number;
  /** Reads its file again, as its operator does after a change. */
  reload(): void;
  stop(): Promise<void>;
};

export type ProxyName = keyof typeof programs;

type Ports = { https: number; http: number; admin: number };
type Program = {
  sample: string;
  isHere(): boolean;
  /** The sample as it runs here. */
  configure(sample: string, ports: Ports, folder: string): string;
  start(file: string, folder: string): ChildProcess;
  reload(file: string, folder: string, ports: Ports): void;
};

const root = join(import.meta.dirname, '..');
const certificate = join(root, 'tests/fixtures/tls/cert.pem');
const key = join(root, 'tests/fixtures/tls/key.pem');

const programs = {
  nginx: {
    sample: 'deploy/nginx.conf',
    isHere: () => spawnSync('nginx', ['-v']).error === undefined,
    configure: (sample, { https, http }, folder) => {
      const site = replaced(sample, [
        ['listen 80;', `listen 127.0.0.1:${http};`],
        ['listen 443 ssl http2;', `listen 127.0.0.1:${https} ssl http2;`],
        ['/etc/letsencrypt/live/rostrum.example.org/fullchain.pem', certificate],
        ['/etc/letsencrypt/live/rostrum.example.org/privkey.pem', key],
      ]);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join('\n');
      return `daemon off;\npid ${folder}/pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${site}}\n`;
    },
    start: (file, folder) =>
      spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], { stdio: 'ignore' }),
    reload: (_file, folder) => process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGHUP'),
  },
  caddy: {
    sample: 'deploy/Caddyfile',
    isHere: () => spawnSync('caddy', ['version']).error === undefined,
    configure: (sample, { https, http, admin }) =>
      replaced(sample, [
        ['\n{\n', `\n{\n\thttp_port ${http}\n\thttps_port ${https}\n\tadmin 127.0.0.1:${admin}\n`],
        ['\nrostrum.example.org {\n', `\nrostrum.example.org {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}\n`],
      ]),
    start: (file, folder) =>
      spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
        stdio: 'ignore',
        env: { ...process.env, HOME: folder },
      }),
    reload: (file, _folder, { admin }) => {
      const args = ['reload', '--force', '--config', file, '--adapter', 'caddyfile', '--address', `127.0.0.1:${admin}`];
      const { status, stderr } = spawnSync('caddy', args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    },
  },
} satisfies Record<string, Program>;

/** Whether it is installed on this machine. */
export function isHere(name: ProxyName): boolean {
  return programs[name].isHere();
}

/** In front of the web at `webPort`; `edit` changes the sample further, for controls. */
export async function startProxy(
  name: ProxyName,
  webPort: number,
  edit: readonly (readonly [string, string])[] = [],
): Promise<TestProxy> {
  const program: Program = programs[name];
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `rostrum-${name}-`));
  const free = () => freePort('127.0.0.1');
  const ports = { https: await free(), http: await free(), admin: await free() };
  const file = join(folder, 'config');
  const sample = replaced(readFileSync(join(root, program.sample), 'utf8'), [
    ['127.0.0.1:3000', `127.0.0.1:${webPort}`],
    ...edit,
  ]);
  writeFileSync(file, program.configure(sample, ports, folder));
  const child = program.start(file, folder);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(20, async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${child.exitCode}`);
      return isAnswered(ports.https);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: ports.https, reload: () => program.reload(file, folder, ports), stop };
}

/** By a connection: an attempt to listen there would take the port from the proxy at the moment when it opens it. */
function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Each part has to be there: a sample that has changed would run with the real names and ports. */
function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the sample has no ${JSON.stringify(from)}`);
    return changed.replaceAll(from, to);
  }, text);
}
