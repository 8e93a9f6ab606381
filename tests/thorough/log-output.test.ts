import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const ours = "import { log } from '#lib/log.ts';";
const pinosOwn = "import pino from 'pino'; const log = pino();";

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A program that, once it is told to, logs three lines and ends at once. */
async function aProgram(logger: string): Promise<ChildProcess> {
  const source = `${logger}
    process.on('message', () => {
      for (const line of [1, 2, 3]) log.info('line ' + line);
      process.exit(0);
    });
    process.send('ready');`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', source];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  children.push(child);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('it ended before it was ready')));
  await Promise.race([once(child, 'message'), ended]);
  return child;
}

test('what was logged last is written although the program ends at once', async () => {
  const child = await aProgram(ours);
  child.send('end');
  let output = '';
  for await (const chunk of child.stdout!) output += chunk;
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  // The first was being written when the program ended, and may come last.
  expect(lines.map(({ msg }) => msg).toSorted()).toEqual(['line 1', 'line 2', 'line 3']);
});

test('a program whose log nobody reads any more ends all the same', async () => {
  const child = await aProgram(ours);
  child.stdout!.destroy();
  child.send('end');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('(control) one that leaves it to pino is there for ever', async () => {
  const child = await aProgram(pinosOwn);
  child.stdout!.destroy();
  child.send('end');
  expect(await Promise.race([once(child, 'exit'), sleep(1_500, 'still there')])).toBe('still there');
});
