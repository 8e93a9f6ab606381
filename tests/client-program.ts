import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As `npm run pack:client` makes it. */
const program = join(import.meta.dirname, '../dist/client/dist/rostrum.mjs');

export type Ended = { code: number | null; out: string; err: string };
export type Running = { child: ChildProcess; ended: Promise<Ended> };

/** A person's machine with the package for teams on it: a folder to work in, and a home that is empty. */
export type ClientMachine = {
  folder: string;
  home: string;
  start(args: readonly string[], given?: Given): Running;
  run(args: readonly string[], given?: Given): Promise<Ended>;
  remove(): void;
};

/** `through` starts another program that starts ours. */
type Given = { input?: string | Uint8Array; env?: Readonly<Record<string, string>>; through?: readonly string[] };

export function aClientMachine(settings: Readonly<Record<string, string>> = {}): ClientMachine {
  const root = mkdtempSync(join(tmpdir(), 'rostrum-client-'));
  const [folder, home] = [join(root, 'work'), join(root, 'home')];
  for (const path of [folder, home]) mkdirSync(path);
  const base: NodeJS.ProcessEnv = { ...process.env, HOME: home, LANG: 'en_US.UTF-8', LC_ALL: '', LC_MESSAGES: '' };
  for (const name of ['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'NO_COLOR']) delete base[name];
  const start: ClientMachine['start'] = (args, { input, env, through = [] } = {}) => {
    const [command, ...rest] = [...through, process.execPath, program, ...args];
    const child = spawn(command!, rest, {
      cwd: folder,
      env: { ...base, ...settings, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const outcome = { out: '', err: '' };
    child.stdout.on('data', (text) => (outcome.out += text));
    child.stderr.on('data', (text) => (outcome.err += text));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...outcome }))) };
  };
  return {
    folder,
    home,
    start,
    run: (args, given) => start(args, given).ended,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
