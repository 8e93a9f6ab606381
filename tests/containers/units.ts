import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../report.ts';
import { eventually } from '../workers.ts';
import { docker, imageNames, root } from './engine.ts';

/*
 * The units of deploy/systemd on a machine with systemd, as the page for operators says: a container that boots Debian, with PostgreSQL
 * of Debian and the product that the image for containers has.
 */

const image = 'rostrum-trial-machine';

function makeMachine(): void {
  const context = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-machine-'));
  const packages = 'systemd systemd-sysv dbus postgresql sudo procps';
  const lines = [
    `FROM ${imageNames().node}`,
    `RUN apt-get update && apt-get install -y --no-install-recommends ${packages} && ln -sf /usr/local/bin/node /usr/bin/node`,
    'COPY --from=rostrum-trial-worker /rostrum /srv/rostrum',
    'STOPSIGNAL SIGRTMIN+3',
    'CMD ["/sbin/init"]',
  ];
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  docker('build', '--quiet', '--tag', image, context);
  rmSync(context, { recursive: true });
}

/** All that systemd needs of an engine, and SYS_RESOURCE not: some machines have it not to give. */
const likeAMachine = [
  '--cap-add',
  'ALL',
  '--cap-drop',
  'SYS_RESOURCE',
  '--security-opt',
  'seccomp=unconfined',
  '--cgroupns',
  'host',
];
const folders = [
  '--tmpfs',
  '/run',
  '--tmpfs',
  '/run/lock',
  '--tmpfs',
  '/tmp',
  '--volume',
  '/sys/fs/cgroup:/sys/fs/cgroup:rw',
];

type Machine = { inside(command: string): string; end(): void };

function startMachine(): Machine {
  const id = docker('run', '--detach', ...likeAMachine, ...folders, image);
  const inside = (command: string) => docker('exec', '--workdir', '/srv/rostrum', id, 'sh', '-ec', command);
  return { inside, end: () => docker('rm', '--force', '--volumes', id) };
}

/** The commands of the page for operators, from its chapter on systemd. */
function commandsOfThePage(): string {
  const page = readFileSync(join(root, 'docs/en/operators/deploy.md'), 'utf8');
  const chapter = page.split('## With systemd')[1]!.split('\n## ')[0]!;
  return [...chapter.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands).join('\n');
}

const secrets = `
  umask 077
  mkdir -p /etc/rostrum/secrets
  cd /etc/rostrum/secrets
  head -c 33 /dev/urandom | base64 -w0 > secret
  head -c 33 /dev/urandom | base64 -w0 > backup_key
  word() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \\n'; }
  owner=$(word)
  printf 'postgres://rostrum_owner:%s@127.0.0.1/rostrum' $owner > owner_url
  printf 'postgres://rostrum_web:%s@127.0.0.1/rostrum' $(word) > web_url
  printf 'postgres://rostrum_scorer:%s@127.0.0.1/rostrum' $(word) > scorer_url
  umask 022
  printf 'ROSTRUM_URL=https://rostrum.example.org\\nTRUSTED_PROXIES=127.0.0.1\\n' > /etc/rostrum/rostrum.env
  sudo -u postgres psql -qc "create role rostrum_owner login createrole password '$owner'" -c 'create database rostrum owner rostrum_owner'
`;

export async function reportUnits(report: Report): Promise<void> {
  await report.step('a machine with systemd is made', async () => makeMachine());
  const machine = startMachine();
  try {
    const { inside } = machine;
    const state = (unit: string) => inside(`systemctl show -P ActiveState ${unit}`);
    const isReady = () => inside(askReady).includes('200');
    await report.step('it boots', () =>
      eventually(60, async () => /running|degraded/.test(inside('systemctl is-system-running || true'))),
    );
    // As systemd does by itself where no engine has made its mounts: credentials come by one that has to be seen outside of its maker.
    inside('mount --make-rshared /');
    inside('systemctl start postgresql');
    inside(secrets);
    // The migration waits for a database that comes after it.
    inside('systemctl stop postgresql');
    await report.step('the commands of the page set it up, and the migration waits for the database', async () => {
      inside(commandsOfThePage().replace('--now', '--now --no-block'));
      await eventually(30, async () => state('rostrum-migrate') === 'activating');
      inside('systemctl start postgresql');
      await eventually(120, async () => isReady());
    });
    await report.step('its first administrator’s link stands in the journal', async () => {
      expectMatch(inside('journalctl -u rostrum-migrate -o cat'), /https:\/\/rostrum\.example\.org\/\S+/);
      expectMatch(inside('journalctl -u rostrum-web -o cat'), /"msg":"web ready"/);
    });
    await report.step('each is its own user, without capabilities, and reads no secret of another', async () =>
      lookAtUsers(inside),
    );
    await report.step('systemd rates the web’s exposure no higher than the page tells', async () =>
      lookAtExposure(inside),
    );
    await restarts(report, inside, isReady);
    await backups(report, inside);
  } finally {
    machine.end();
  }
}

const askReady = `node -e "fetch('http://127.0.0.1:3000/readyz').then((answer) => console.log(answer.status), () => console.log('none'))"`;

function expectMatch(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`no ${pattern} in ${text.slice(-500)}`);
}

function lookAtUsers(inside: Machine['inside']): void {
  const pid = (unit: string) => inside(`systemctl show -P MainPID ${unit}`);
  for (const [unit, foreign] of [
    ['rostrum-web', 'scorer_url'],
    ['rostrum-worker', 'web_url'],
  ] as const) {
    const status = inside(`ps -o user= -p ${pid(unit)}; cat /proc/${pid(unit)}/status`);
    expectMatch(status, new RegExp(`^${unit}`));
    expectMatch(status, /CapEff:\s*0{16}\n/);
    expectMatch(status, /NoNewPrivs:\s*1\n/);
    const as = (command: string) =>
      inside(`setpriv --reuid=${unit} --regid=rostrum --clear-groups sh -c '${command}' 2>&1 || true`);
    const own = unit === 'rostrum-web' ? 'web_url' : 'scorer_url';
    // Control: its own it reads.
    expectMatch(as(`cat /run/credentials/${unit}.service/${own}`), /^postgres:/);
    const other = unit === 'rostrum-web' ? 'rostrum-worker' : 'rostrum-web';
    expectMatch(as(`cat /run/credentials/${other}.service/${foreign}`), /denied/);
    expectMatch(as(`cat /etc/rostrum/secrets/owner_url`), /denied/);
    expectMatch(
      inside(`nsenter --mount --target ${pid(unit)} sh -c 'touch /srv/rostrum/x 2>&1; touch /etc/x 2>&1' || true`),
      /Read-only/,
    );
  }
}

function lookAtExposure(inside: Machine['inside']): void {
  const page = readFileSync(join(root, 'docs/en/operators/deploy.md'), 'utf8');
  const told = /rates the web’s exposure ([\d.]+) of 10/.exec(page)?.[1];
  const found = /Overall exposure level for rostrum-web.service: ([\d.]+)/.exec(
    inside('systemd-analyze security rostrum-web || true'),
  )?.[1];
  // What is rated differs between versions of systemd by a tenth.
  if (!(Number(found) <= Number(told) + 0.1)) throw new Error(`systemd says ${found}, the page ${told}`);
}

async function restarts(report: Report, inside: Machine['inside'], isReady: () => boolean): Promise<void> {
  for (const unit of ['rostrum-web', 'rostrum-worker']) {
    await report.step(
      `${unit} is started again after it was killed, and ends by itself when it is stopped`,
      async () => {
        const before = inside(`systemctl show -P MainPID ${unit}`);
        inside(`systemctl kill -s KILL ${unit}`);
        // Before it says that it is ready, it may not have its own way to end yet.
        await eventually(60, async () => {
          const now = inside(`systemctl show -P MainPID ${unit}`);
          return now !== before && /"msg":"(web|worker) ready"/.test(inside(`journalctl _PID=${now} -o cat || true`));
        });
        inside(`systemctl stop ${unit}`);
        expectMatch(inside(`systemctl show -P Result ${unit}`), /^success$/);
        expectMatch(inside(`systemctl show -P ExecMainStatus ${unit}`), /^0$/);
        inside(`systemctl start ${unit}`);
        await eventually(60, async () => isReady());
      },
    );
  }
  await report.step('however often the web cannot start, it comes once it can', async () => {
    inside('mv /srv/rostrum/dist/server.mjs /srv/rostrum/dist/away.mjs');
    inside('systemctl kill -s KILL rostrum-web');
    await eventually(60, async () => Number(inside('systemctl show -P NRestarts rostrum-web')) > 7);
    inside('mv /srv/rostrum/dist/away.mjs /srv/rostrum/dist/server.mjs');
    await eventually(60, async () => isReady());
  });
}

async function backups(report: Report, inside: Machine['inside']): Promise<void> {
  await report.step(
    'the timer waits for the night, and its service leaves a whole backup that its user alone reads',
    async () => {
      expectMatch(
        inside('systemctl list-timers --all rostrum-backup.timer'),
        /rostrum-backup\.timer\s+rostrum-backup\.service/,
      );
      inside('systemctl start rostrum-backup.service');
      expectMatch(inside('stat -c "%U %a" /var/backups/rostrum/rostrum-*.tar'), /^rostrum-migrate 600$/);
      expectMatch(inside('tar -tf /var/backups/rostrum/rostrum-*.tar'), /manifest/);
    },
  );
}
