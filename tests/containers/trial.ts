import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request as startRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { freePort } from '../../bin/start/address.ts';
import { eventually } from '../workers.ts';
import { docker, root, run } from './engine.ts';

/*
 * compose.yaml as it is, as a project of its own: secrets made for it, ports on the loopback alone, and a certificate that Caddy signs
 * by itself, since no authority can reach it.
 */

export const name = 'rostrum.example.org';
const project = 'rostrum-trial';

export type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

export type Container = {
  id: string;
  name: string;
  exitCode: number;
  isRunning: boolean;
  health: string | null;
  pid: number;
};

export type Trial = {
  owner: Database;
  /** What signs sessions. */
  secret: string;
  mailOrigin: string;
  compose(...args: readonly string[]): string;
  /** Its containers, in the order of their numbers; those that ended, too. */
  containersOf(service: string): Container[];
  /** A request over HTTPS through Caddy, under the name of the installation; `send` writes its body and ends it. */
  ask(
    path: string,
    options?: RequestOptions,
    send?: (request: ReturnType<typeof startRequest>) => void,
  ): Promise<Answer>;
  /** The lines of a stream of events, as they come. */
  watch(path: string): Promise<Stream>;
  end(): Promise<void>;
};

export type Stream = { text(): string; isEnded(): boolean; close(): void };

/** Builds the two images; seconds that each took. */
export function buildImages(): Record<string, number> {
  const seconds = (service: string) => {
    const begun = performance.now();
    run('docker', ['compose', '-p', project, 'build', '--build-arg', `ROSTRUM_URL=https://${name}`, service]);
    return (performance.now() - begun) / 1000;
  };
  return Object.fromEntries(['web', 'worker', 'migrate'].map((service) => [service, seconds(service)]));
}

/** Resolves when every container that stays is running, and Caddy has a certificate. */
export async function startTrial(): Promise<Trial> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-containers-'));
  const ports = {
    https: await freePort('127.0.0.1'),
    mail: await freePort('127.0.0.1'),
    postgres: await freePort('127.0.0.1'),
  };
  prepare(folder, ports);
  const files = ['-f', join(root, 'compose.yaml'), '-f', join(folder, 'ports.yaml')];
  const compose = (...args: readonly string[]) =>
    run('docker', ['compose', '-p', project, '--project-directory', folder, ...files, ...args], { cwd: folder });
  const end = async () => {
    compose('down', '--volumes', '--timeout', '5');
    rmSync(folder, { recursive: true });
  };
  try {
    compose('up', '--detach', '--no-build', '--wait', '--wait-timeout', '180', 'web', 'worker', 'caddy', 'mail');
    const read = () => compose('exec', '-T', 'caddy', 'cat', '/data/caddy/pki/authorities/local/root.crt');
    const ca = await eventually(30, async () => {
      try {
        return read();
      } catch {
        return null;
      }
    });
    const owner = ownerOf(folder, ports.postgres);
    const begin = (path: string, options: RequestOptions) =>
      startRequest({
        host: '127.0.0.1',
        port: ports.https,
        path,
        servername: name,
        ca,
        agent: false,
        ...options,
        headers: { Host: name, ...(options.headers as object) },
      });
    return {
      owner,
      secret: readFileSync(join(folder, 'secrets/rostrum_secret'), 'utf8'),
      mailOrigin: `http://127.0.0.1:${ports.mail}`,
      compose,
      containersOf: (service) => containersOf(compose('ps', '--all', '--quiet', service).split('\n')),
      ask: (path, options = {}, send = (request) => request.end()) => answerTo(begin(path, options), send),
      watch: (path) => streamOf(begin(path, {})),
      async end() {
        await owner.$client.end();
        await end();
      },
    };
  } catch (error) {
    const logs = compose('logs', '--no-color', '--tail', '40');
    await end();
    throw new Error(`${error instanceof Error ? error.message : error}\n${logs}`, { cause: error });
  }
}

function prepare(folder: string, ports: { https: number; mail: number; postgres: number }): void {
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true });
  const caddyfile = join(folder, 'deploy/Caddyfile.compose');
  writeFileSync(
    caddyfile,
    readFileSync(caddyfile, 'utf8').replace('{\n\tgrace', '{\n\tlocal_certs\n\tskip_install_trust\n\tgrace'),
  );
  run('sh', ['deploy/make-secrets.sh'], { cwd: folder });
  mkdirSync(join(folder, 'secrets'), { recursive: true });
  const lines = [
    'services:',
    `  caddy: { ports: !override ["127.0.0.1:${ports.https}:443"] }`,
    `  mail: { ports: !override ["127.0.0.1:${ports.mail}:8025"] }`,
    `  postgres: { ports: ["127.0.0.1:${ports.postgres}:5432"] }`,
  ];
  writeFileSync(join(folder, 'ports.yaml'), `${lines.join('\n')}\n`);
}

function ownerOf(folder: string, port: number): Database {
  const url = readFileSync(join(folder, 'secrets/owner_url'), 'utf8').replace('@postgres/', `@127.0.0.1:${port}/`);
  return openDatabase(url, { name: 'trial' });
}

function containersOf(ids: readonly string[]): Container[] {
  type Inspected = {
    Id: string;
    Name: string;
    State: { ExitCode: number; Running: boolean; Pid: number; Health?: { Status: string } };
  };
  const inspected: Inspected[] = JSON.parse(docker('inspect', ...ids));
  return inspected
    .map(({ Id, Name, State }) => ({
      id: Id,
      name: Name.slice(1),
      exitCode: State.ExitCode,
      isRunning: State.Running,
      health: State.Health?.Status ?? null,
      pid: State.Pid,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function answerTo(
  request: ReturnType<typeof startRequest>,
  send: (request: ReturnType<typeof startRequest>) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject).on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response
        .on('error', reject)
        .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    send(request);
  });
}

function streamOf(request: ReturnType<typeof startRequest>): Promise<Stream> {
  return new Promise((resolve, reject) => {
    request.once('error', reject).on('response', (response) => {
      request.off('error', reject).on('error', () => {});
      let text = '';
      let isEnded = false;
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response
        .on('error', () => {})
        .on('close', () => {
          isEnded = true;
        });
      resolve({ text: () => text, isEnded: () => isEnded, close: () => request.destroy() });
    });
    request.end();
  });
}
