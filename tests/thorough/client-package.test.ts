import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { clientMessages } from '../../bin/client/assemble.mjs';

// npm and shells, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rostrum-package-'));
const program = join(folder, 'node_modules/.bin/rostrum');

afterAll(() => rmSync(folder, { recursive: true }));

/** The package as a team installs it, into an empty folder and without a network. */
beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{}');
  const args = ['install', '--offline', '--no-audit', '--no-fund', join(root, 'dist/rostrum.tgz')];
  execFileSync('npm', args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'ref.txt'), 'u1 да нет\nu2 раз\n');
  writeFileSync(join(folder, 'hyp.csv'), 'id,text\nu2,раз\nu1,да\n');
});

const environment = { ...process.env, HOME: folder, LANG: 'en_US.UTF-8', LC_ALL: '', XDG_CONFIG_HOME: '' };

function run(node: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [program, ...args], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Other versions of Node that happen to be on this machine: those of PATH, of nvm, and those that npx fetched. */
function nodesAtHand(): Map<string, string> {
  const home = process.env.HOME ?? '';
  const below = (path: string, rest: string) => namesIn(path).map((name) => join(path, name, rest));
  const paths = [
    process.execPath,
    ...(process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'node')),
    ...below(join(home, '.nvm/versions/node'), 'bin/node'),
    ...below(join(home, '.npm/_npx'), 'node_modules/node/bin/node'),
  ];
  const found = new Map<string, string>();
  for (const path of paths) {
    const { status, stdout } = spawnSync(path, ['-v'], { encoding: 'utf8' });
    const major = /^v(\d+)\./.exec(stdout ?? '')?.[1];
    if (status === 0 && major !== undefined && !found.has(major)) found.set(major, path);
  }
  return found;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

describe('the package for teams', () => {
  const nodes = nodesAtHand();

  test('has no dependencies and takes less than a megabyte', () => {
    expect(namesIn(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['rostrum']);
    const { size } = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: packed() }).toString())[0];
    expect(size).toBeLessThan(2 ** 20);
  });

  for (const version of ['20', '22', '24']) {
    const node = nodes.get(version) ?? '';
    test.skipIf(node === '')(`works on Node ${version} (skipped where it is not at hand)`, () => worksOn(node));
  }

  const worksOn = (node: string) => {
    const { status, stdout } = run(node, 'score', '--ref', 'ref.txt', '--hyp', 'hyp.csv', '--json', '--bootstrap');
    expect([status, JSON.parse(stdout).words]).toMatchObject([0, { hits: 2, deletions: 1 }]);
    expect(run(node, 'submit', '--help').stdout).toContain('Usage: rostrum submit [options] <file>');
    expect(run(node, 'submissions')).toMatchObject({ status: 2, stderr: expect.stringContaining('rostrum login') });
    expect(run(node, 'whoami', '--server', 'https://no.invalid')).toMatchObject({
      status: 3,
      stderr: 'https://no.invalid cannot be reached: no such host name.\n',
    });
  };

  test('holds every message that its sources speak of', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'bin/client.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      loader: { '.json': 'empty' },
      write: false,
      external: ['#scoring/all-systems.ts', '#lib/settings.ts'],
    });
    const areas = readdirSync(join(root, 'lib/messages/en')).map((name) => name.replace('.json', ''));
    const spoken = [...outputFiles[0]!.text.matchAll(/['"`]([a-z]+)\.(?:[a-z]|\$\{)/g)]
      .map(([, area]) => area!)
      .filter((area) => areas.includes(area));
    expect(new Set(spoken)).toEqual(new Set(clientMessages));
  });
});

function packed(): string {
  return join(root, 'dist/client');
}

/** What a shell offers after `typed`, with the script that the package prints for it. */
describe('completion', () => {
  const path = `${join(folder, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const hasZsh = spawnSync('zsh', ['--version']).status === 0;
  const offers = (shell: string, script: string) => {
    const { stdout, stderr } = spawnSync(shell, ['-c', script], {
      cwd: folder,
      env: { ...environment, PATH: path },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout.trim().split(/\s+/);
  };

  test.each([
    ['rostrum subm', ['submissions', 'submit']],
    ['rostrum submit --sp', ['--split']],
    ['rostrum submit --split ', ['dev', 'test']],
    ['rostrum data ', ['download', 'list']],
  ])('in bash of %j', (typed, offered) => {
    const words = typed.split(' ').map((word) => `'${word}'`);
    const script = `source <(rostrum completion bash)
      COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _rostrum; echo "\${COMPREPLY[@]}"`;
    expect(offers('bash', script)).toEqual(offered);
  });

  test.skipIf(!hasZsh)('in zsh (skipped where there is none)', () => {
    const script = `autoload -Uz compinit; compinit -u -D; source <(rostrum completion zsh)
      compadd() { print -l -- "\${(@P)2}" }
      words=(rostrum submit --split ''); CURRENT=4; _rostrum`;
    expect(offers('zsh', script)).toEqual(['dev', 'test']);
  });
});
