import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ProcessPlan, type SupervisedProcess, supervise } from '../../bin/start/supervise.ts';
import { kill, launch, processesOf, processOf, root, until } from './installation.ts';

let folder: string;
let supervised: SupervisedProcess | null;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-supervise-'));
  supervised = null;
  said = [];
});

afterEach(async () => {
  await supervised?.stop(100);
  for (const { pid } of processesOf(folder)) kill(pid);
  rmSync(folder, { recursive: true });
});

const ready = "process.send('ready'); setInterval(() => {}, 1000);";
const polite = "process.on('disconnect', () => process.exit(0));";

function aPlan(source: string): ProcessPlan {
  const file = join(folder, 'child.mjs');
  writeFileSync(file, source);
  const logFile = join(folder, 'web.log');
  return { name: 'web', file, cwd: folder, environment: () => ({ ...process.env }), logFile, heapMegabytes: 128 };
}

function start(source: string): SupervisedProcess {
  supervised = supervise(aPlan(source), {
    restarting: (name, reason, seconds) => said.push(`${name} ${reason} ${seconds}`),
    runningAgain: (name) => said.push(`${name} again`),
  });
  return supervised;
}

const childOf = () => processOf(folder, 'child.mjs');

test('a process that is killed is started again, and both is told', async () => {
  const web = start(ready);
  await web.ready;
  const first = childOf();
  kill(first);
  await until(() => said.length === 2, 'it is told');
  expect(said).toEqual(['web SIGKILL 0.25', 'web again']);
  expect(childOf()).not.toBe(first);
});

test('what is to be done before a start is done before each, and what goes wrong with it keeps nothing from starting', async () => {
  let prepared = 0;
  const alive: boolean[] = [];
  const plan = aPlan(ready);
  supervised = supervise(
    {
      ...plan,
      prepare: async () => {
        prepared += 1;
        alive.push(processesOf(folder).length > 0);
        throw new Error('the database is away');
      },
    },
    { restarting: (name) => said.push(`${name} ended`), runningAgain: (name) => said.push(`${name} again`) },
  );
  await supervised.ready;
  kill(childOf());
  await until(() => said.includes('web again'), 'it runs again');
  expect(prepared).toBe(2);
  expect(alive).toEqual([false, false]);
});

test('nobody who ends it waits for what is to be done before a start and hangs', async () => {
  const web = supervise(
    { ...aPlan(ready), prepare: () => new Promise(() => {}) },
    { restarting: () => {}, runningAgain: () => {} },
  );
  await web.stop(100);
  expect(processesOf(folder)).toEqual([]);
});

test('the pause grows with each failure', async () => {
  const web = start(ready);
  await web.ready;
  for (let failures = 1; failures <= 3; failures += 1) {
    kill(childOf());
    await until(() => said.length === failures * 2, 'it runs again');
  }
  expect(said.filter((line) => line.includes('SIGKILL'))).toEqual([
    'web SIGKILL 0.25',
    'web SIGKILL 0.5',
    'web SIGKILL 1',
  ]);
});

test('a process that never becomes ready is given up, with its reason', async () => {
  await expect(start('process.exit(7)').ready).rejects.toThrow('exit 7');
});

test('what a process writes is in its log', async () => {
  await start(`console.log('to stdout'); console.error('to stderr'); ${ready}`).ready;
  await until(() => readFileSync(join(folder, 'web.log'), 'utf8') === 'to stdout\nto stderr\n', 'both lines are there');
});

test('a stop asks first, and kills after the grace whoever does not listen', async () => {
  const web = start(`process.on('SIGTERM', () => {}); ${ready}`);
  await web.ready;
  const begun = Date.now();
  await web.stop(300);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(300);
  expect(Date.now() - begun).toBeLessThan(1_000);
  expect(processesOf(folder)).toEqual([]);
});

test('what a process has started ends with it', async () => {
  const grandchild = join(folder, 'grandchild.mjs');
  writeFileSync(grandchild, 'setInterval(() => {}, 1000)');
  const spawning = `import { spawn } from 'node:child_process'; spawn(process.execPath, [${JSON.stringify(grandchild)}]);`;
  const web = start(`${spawning} ${ready}`);
  await web.ready;
  await until(() => processesOf(folder).length === 2, 'both run');
  await web.stop(1_000);
  await until(() => processesOf(folder).length === 0, 'both are gone', 1_000);
});

test('a restart that was asked for is no failure', async () => {
  const web = start(ready);
  await web.ready;
  const first = childOf();
  web.restart();
  await until(() => processesOf(folder).some(({ pid }) => pid !== first), 'a new one runs');
  expect(said).toEqual([]);
});

async function superviseElsewhere(source: string): Promise<number> {
  const plan = aPlan(source);
  const script = join(folder, 'supervisor.ts');
  writeFileSync(
    script,
    `import { supervise } from ${JSON.stringify(join(root, 'bin/start/supervise.ts'))};
     const plan = { ...${JSON.stringify(plan)}, environment: () => process.env };
     const events = { restarting() {}, runningAgain() {} };
     supervise(plan, events).ready.then(() => console.log('up'));`,
  );
  const supervisor = launch(process.execPath, ['--import', 'tsx', script], {});
  await supervisor.saying('up');
  kill(supervisor.process.pid!);
  await supervisor.ended;
  return supervisor.process.pid!;
}

test('whoever ends when its supervisor is gone leaves no orphan', async () => {
  await superviseElsewhere(`${polite} ${ready}`);
  await until(() => processesOf(folder).length === 0, 'it is gone', 1_000);
});

test('control: whoever does not, stays', async () => {
  await superviseElsewhere(`process.on('disconnect', () => {}); ${ready}`);
  await sleep(500);
  expect(processesOf(folder)).toHaveLength(1);
});
