import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { secretNames, variableNames } from '#lib/settings.ts';
import { memory } from '../../bin/start/served.ts';
import { memoryFlags } from '../../bin/start/supervise.ts';

/*
 * The files of deploy/, Dockerfile and compose.yaml, held to the product, file by file. `npm run containers` starts them. What the web
 * is given must never include what opens hidden labels.
 */

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'rostrum-deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const known = new Set([...variableNames, ...secretNames.map((name) => `${name}_FILE`)]);
const ours = /^(ROSTRUM_|DATABASE_URL|SMTP_|MAIL_|TRUSTED_|OIDC_|GITHUB_|METRICS_|DRAIN_)/;
const unknownOf = (names: readonly string[]) => names.filter((name) => ours.test(name) && !known.has(name));
/** What opens labels: only the owner's address and the scorer's do. */
const opensLabels = /DATABASE_URL(_SCORER)?(_FILE)?$|owner|scorer/;

type Service = {
  image?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  build?: { target: string };
  healthcheck?: { test: string[] };
  environment?: Record<string, string>;
  secrets?: string[];
  ports?: string[];
  networks?: string[];
  volumes?: string[];
  command?: string[];
  stop_grace_period?: string;
};
type Compose = {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { ipam?: { config: { subnet: string }[] } }>;
  volumes: Record<string, unknown>;
};

/** How long a process with these variables may take to stop, in seconds. */
function drainOf(environment: Iterable<readonly [string, string]>): number {
  const given = new Map(environment);
  return Number(given.get('DRAIN_SECONDS') ?? 2) + Number(given.get('DRAIN_NOTICE_SECONDS') ?? 0);
}

/** What is wrong with it, each in a sentence. */
function composeProblems(text: string): string[] {
  const { services, secrets, networks, volumes } = parse(text, { merge: true }) as Compose;
  const problems: string[] = [];
  for (const [name, service] of Object.entries(services)) {
    const { image, environment = {}, secrets: given = [], build, healthcheck } = service;
    if (image !== undefined && !/:[\w.-]*\d/.test(image)) problems.push(`${name}: ${image} names no version`);
    for (const one of given) if (secrets[one] === undefined) problems.push(`${name}: no secret ${one}`);
    for (const one of service.networks ?? []) if (!(one in networks)) problems.push(`${name}: no network ${one}`);
    for (const volume of service.volumes ?? []) {
      const [from = ''] = volume.split(':');
      const isThere = from.startsWith('.') ? existsSync(join(root, from)) : from in volumes;
      if (!isThere) problems.push(`${name}: nothing at ${from}`);
    }
    // Whoever breaks into what the world talks to has yet to come to the database.
    const isOpen = service.ports?.some((port) => !port.startsWith('127.0.0.1:')) === true;
    if (isOpen && service.networks?.includes('back')) problems.push(`${name}: is open to all and reaches the database`);
    problems.push(...unknownOf(Object.keys(environment)).map((one) => `${name}: unknown variable ${one}`));
    const grace = Number.parseInt(service.stop_grace_period ?? '10', 10);
    if (drainOf(Object.entries(environment)) >= grace) problems.push(`${name}: is killed before it has stopped`);
    // While its database is being made, a server answers on the socket that goes away again.
    if (healthcheck?.test.includes('pg_isready') && !healthcheck.test.includes('-h'))
      problems.push(`${name}: is healthy before it can be reached`);
    if (build === undefined) continue;
    if (service.read_only !== true || !service.cap_drop?.includes('ALL'))
      problems.push(`${name}: may change what it runs`);
    if (!new RegExp(`^FROM \\S+ AS ${build.target}$`, 'm').test(read('Dockerfile')))
      problems.push(`${name}: no target`);
    for (const path of Object.entries(environment)
      .filter(([key]) => key.endsWith('_FILE'))
      .map(([, value]) => value)) {
      if (!given.includes(path.replace('/run/secrets/', ''))) problems.push(`${name}: is not given ${path}`);
    }
    if (name === 'web') {
      const opened = [...Object.keys(environment), ...given].filter((one) => opensLabels.test(one));
      problems.push(...opened.map((one) => `web: is given ${one}`));
      const proxies = services.caddy?.networks?.flatMap((one) => networks[one]?.ipam?.config ?? []) ?? [];
      if (proxies.map(({ subnet }) => subnet).join(',') !== environment.TRUSTED_PROXIES)
        problems.push('web: does not know its proxy');
    }
  }
  return problems;
}

describe('compose.yaml', () => {
  const text = read('compose.yaml');
  test('names what there is, pins versions and gives the web nothing that opens labels', () => {
    expect(composeProblems(text)).toEqual([]);
    const { services } = parse(text, { merge: true }) as Compose;
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['caddy', 'web', 'worker', 'postgres', 'objects', 'mail']),
    );
  });

  test.each([
    [
      'the scorer’s address for the web',
      'secrets: [rostrum_secret, s3_secret, web_url]\n    tmpfs',
      'secrets: [rostrum_secret, s3_secret, web_url, scorer_url]\n    tmpfs',
      'web: is given scorer_url',
    ],
    ['an image without a version', 'caddy:2.11.4', 'caddy:latest', 'caddy: caddy:latest names no version'],
    [
      'too little time to stop in',
      'stop_grace_period: 140s',
      'stop_grace_period: 130s',
      'web: is killed before it has stopped',
    ],
    ['a misspelt variable', 'ROSTRUM_S3_URL', 'ROSTRUM_S3_ULR', 'migrate: unknown variable ROSTRUM_S3_ULR'],
    ['a health check by the socket', '"-h", "127.0.0.1", ', '', 'postgres: is healthy before it can be reached'],
    ['another network of the proxy', 'PROXIES: 172.30.', 'PROXIES: 172.31.', 'web: does not know its proxy'],
    [
      'a proxy beside the database',
      'networks: [front]\n\n  migrate',
      'networks: [front, back]\n\n  migrate',
      'caddy: is open to all and reaches the database',
    ],
    ['a secret that nobody makes', '  s3_secret: { file', '  s4_secret: { file', 'web: no secret s3_secret'],
  ])('control: %s is found', (_, from, to, problem) => {
    expect(text).toContain(from);
    expect(composeProblems(text.replaceAll(from, to))).toContain(problem);
  });

  test.skipIf(spawnSync('docker', ['compose', 'version']).status !== 0)('is read by compose itself', () => {
    const reads = (path: string) => spawnSync('docker', ['compose', '-f', path, 'config', '--quiet'], { cwd: root });
    expect(reads(join(root, 'compose.yaml')).status).toBe(0);
    // Control: a key that compose does not know.
    writeFileSync(join(folder, 'misspelt.yaml'), text.replace('depends_on:', 'depend_on:'));
    expect(reads(join(folder, 'misspelt.yaml')).status).not.toBe(0);
  });

  test('has its secrets made by deploy/make-secrets.sh, once and for nobody else’s eyes', () => {
    const make = () => spawnSync('sh', [join(root, 'deploy/make-secrets.sh')], { cwd: folder, encoding: 'utf8' });
    expect(make().stderr).toBe('');
    const contents = () =>
      Object.values((parse(text, { merge: true }) as Compose).secrets).map(({ file }) =>
        readFileSync(join(folder, file), 'utf8'),
      );
    const first = contents();
    expect(new Set(first).size).toBe(first.length);
    for (const { file } of Object.values((parse(text, { merge: true }) as Compose).secrets)) {
      expect(statSync(join(folder, file)).mode & 0o007, file).toBe(0);
    }
    make();
    expect(contents()).toEqual(first);
  });
});

/** What is wrong with the stages of a Dockerfile. */
function dockerfileProblems(text: string): string[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const problems: string[] = [];
  const stages = new Set<string>();
  for (const line of lines) {
    const [, from, name] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (from !== undefined && !stages.has(from) && !/^node:\d+\.\d+\.\d+-/.test(from))
      problems.push(`${from}: no version`);
    if (name !== undefined) stages.add(name);
    const [, copied = ''] = /^COPY (?!--from)(.*) \S+$/.exec(line) ?? [];
    for (const path of copied.split(' ').filter((one) => one !== '')) {
      if (!existsSync(join(root, path))) problems.push(`nothing at ${path}`);
    }
    for (const [, script] of line.matchAll(/npm run (\w+)/g)) {
      if (JSON.parse(read('package.json')).scripts[script!] === undefined) problems.push(`no script ${script}`);
    }
    for (const [, bundle] of line.matchAll(/dist\/(\w+)\.mjs/g)) {
      if (!read('bin/bundle.mjs').includes(`  ${bundle}: `)) problems.push(`no dist/${bundle}.mjs`);
    }
    if (line.startsWith('ENV')) problems.push(...unknownOf([...line.matchAll(/(\w+)=/g)].map((match) => match[1]!)));
  }
  for (const target of ['web', 'worker']) {
    const stage = text.split(`AS ${target}\n`)[1]?.split('\nFROM')[0] ?? '';
    if (!/^USER 1000\d:10000$/m.test(stage)) problems.push(`${target}: runs as root`);
  }
  if (/^HEALTHCHECK NONE$/m.test(text)) problems.push('`docker compose up --wait` fails where a check is switched off');
  if (new Set(text.match(/^USER .*$/gm)).size !== 2) problems.push('web and worker are one user');
  return problems;
}

describe('Dockerfile', () => {
  const text = read('Dockerfile');
  test('copies what there is, pins its base and has a user of its own for web and for worker', () => {
    expect(dockerfileProblems(text)).toEqual([]);
  });

  test.each([
    [
      'a base without a version',
      'node:24.22.3-bookworm-slim AS build',
      'node:latest AS build',
      'node:latest: no version',
    ],
    [
      'a check that is switched off',
      'USER 10002:10000',
      'USER 10002:10000\nHEALTHCHECK NONE',
      '`docker compose up --wait` fails where a check is switched off',
    ],
    ['one user for both', 'USER 10002:10000', 'USER 10001:10000', 'web and worker are one user'],
    ['a bundle that nobody makes', 'dist/worker.mjs', 'dist/walker.mjs', 'no dist/walker.mjs'],
    ['a file that is not there', 'COPY package.json', 'COPY packages.json', 'nothing at packages.json'],
  ])('control: %s is found', (_, from, to, problem) => {
    expect(text).toContain(from);
    expect(dockerfileProblems(text.replaceAll(from, to))).toContain(problem);
  });
});

describe('the systemd units', () => {
  const names = ['migrate', 'web', 'worker'] as const;
  const unit = (name: string) => read(`deploy/systemd/rostrum-${name}.service`);
  const credentials = (text: string) => [...text.matchAll(/^LoadCredential=(\w+):/gm)].map((match) => match[1]!);

  test('run as different users, and the web is given nothing that opens labels', () => {
    const users = names.map((name) => /^User=(.+)$/m.exec(unit(name))?.[1]);
    expect(new Set(users).size).toBe(3);
    expect(credentials(unit('web')).filter((one) => opensLabels.test(one))).toEqual([]);
    // Control: the same look finds the worker's.
    expect(credentials(unit('worker')).filter((one) => opensLabels.test(one))).toEqual(['scorer_url']);
  });

  /** What a process says goes to the journal, which is root's; it writes no file outside its own folder. */
  const keepsItsOwnLog = (text: string) =>
    /^Standard(Output|Error)=/m.test(text) ||
    !/^ProtectSystem=strict$/m.test(text) ||
    [...text.matchAll(/^ReadWritePaths=(.*)$/gm)].some((match) => match[1] !== '/var/lib/rostrum');
  test('leave what they say to the journal, where no process of ours can change it', () => {
    for (const name of names) expect(keepsItsOwnLog(unit(name)), name).toBe(false);
    // Control.
    expect(keepsItsOwnLog(`${unit('web')}\nStandardOutput=append:/var/lib/rostrum/web.log`)).toBe(true);
    expect(keepsItsOwnLog(`${unit('web')}\nReadWritePaths=/var/log`)).toBe(true);
  });

  const shutIn = [
    'NoNewPrivileges ProtectHome PrivateTmp PrivateDevices ProtectKernelTunables ProtectKernelModules ProtectKernelLogs',
    'ProtectControlGroups ProtectClock ProtectHostname RestrictNamespaces RestrictRealtime RestrictSUIDSGID RemoveIPC',
  ]
    .flatMap((line) => line.split(' ').map((name) => `${name}=yes`))
    .concat('ProtectSystem=strict', 'ProtectProc=invisible', 'CapabilityBoundingSet=');
  const openIn = (text: string) => shutIn.filter((line) => !text.split('\n').includes(line));
  test('are shut in: no new rights, no other process, nothing to write but their own', () => {
    for (const name of [...names, 'backup']) {
      expect(openIn(unit(name)), name).toEqual([]);
      expect(unit(name)).toMatch(/^SystemCallFilter=~@privileged @resources$/m);
    }
    // Control.
    expect(openIn(unit('web').replace('ProtectProc=invisible', ''))).toEqual(['ProtectProc=invisible']);
  });

  const isKilledEarly = (text: string) =>
    drainOf([...text.matchAll(/(DRAIN_\w+)=(\d+)/g)].map((match) => [match[1]!, match[2]!] as const)) >=
    Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]);
  test('have the time to stop that they are given', () => {
    for (const name of ['web', 'worker'] as const) {
      expect(isKilledEarly(unit(name)), name).toBe(false);
      // Control.
      expect(isKilledEarly(unit(name).replace('DRAIN_SECONDS=8', 'DRAIN_SECONDS=130')), name).toBe(true);
    }
  });

  test('name variables, credentials and bundles that there are', () => {
    for (const name of [...names, 'backup']) {
      const text = unit(name);
      const set = [...text.matchAll(/(\w+)=%d\/(\w+)/g)];
      expect(unknownOf(set.map((match) => match[1]!)), name).toEqual([]);
      expect(set.map((match) => match[2]!).sort(), name).toEqual(credentials(text).sort());
      const [, bundle] = /dist\/(\w+)\.mjs/.exec(text)!;
      expect(read('bin/bundle.mjs')).toContain(`  ${bundle}: `);
    }
  });

  test.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)(
    'are units, by systemd’s own look at them',
    () => {
      const paths = readdirSync(join(root, 'deploy/systemd')).map((file) => {
        const path = join(folder, file);
        const text = read(`deploy/systemd/${file}`);
        // Where this machine has the program and a folder.
        writeFileSync(path, text.replaceAll('/usr/bin/node', '/bin/true').replaceAll('/srv/rostrum', '/tmp'));
        return path;
      });
      expect(paths.length).toBeGreaterThan(names.length);
      const look = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8', timeout: 20_000 });
      expect(look('verify', ...paths).stderr).not.toMatch(/rostrum-\w+\.(service|timer):\d+/);
      // Control: a directive that does not exist is named.
      writeFileSync(
        join(folder, 'rostrum-typo.service'),
        unit('web').replace('PrivateTmp', 'PrivatTmp').replaceAll('/usr/bin/node', '/bin/true'),
      );
      expect(look('verify', join(folder, 'rostrum-typo.service')).stderr).toMatch(/PrivatTmp/);
    },
  );
});

test('web and worker have the room in an image and in a unit that they have with npm start', () => {
  const image = read('Dockerfile').replaceAll('", "', ' ');
  for (const [name, bundle] of [
    ['web', 'server'],
    ['worker', 'worker'],
  ] as const) {
    const command = ` ${memoryFlags(memory[name]).join(' ')} dist/${bundle}.mjs`;
    expect(image).toContain(command);
    expect(read(`deploy/systemd/rostrum-${name}.service`)).toContain(command);
    // There a shell gives the worker its address first.
    if (name === 'worker') expect(read('compose.yaml')).toContain(command);
  }
});
