import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Attacked } from './attacked.ts';

const nobody = 65_534;
const run = promisify(execFile);

/** Prints which of the paths it could read, as JSON. */
const reader = `
  const fs = require('node:fs');
  const canRead = (path) => {
    try { return (fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path)).length > 0; } catch { return false; }
  };
  console.log(JSON.stringify(process.argv.slice(1).filter(canRead)));`;

async function readableBy(uid: number, paths: readonly string[]): Promise<string[]> {
  const { stdout } = await run(process.execPath, ['-e', reader, ...paths], { uid, gid: uid, cwd: '/' });
  return JSON.parse(stdout) as string[];
}

/** The process that runs one of our programs for this installation. */
export function processOf({ stack }: Attacked, program: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isOurs = (pid: string) => {
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(`dist/${program}.mjs`) &&
        readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`ROSTRUM_HOME=${stack.home}`)
      );
    } catch {
      return false;
    }
  };
  return Number(pids.find(isOurs));
}

export function testOtherUser(attacked: () => Attacked): void {
  // Nobody else may start a process as somebody else.
  test.runIf(process.getuid?.() === 0)(
    'who is another user of the machine reads no password of the worker, and none of its files',
    async () => {
      const { home } = attacked().stack;
      const worker = processOf(attacked(), 'worker');
      const paths = [`/proc/${worker}/environ`, `/proc/${worker}/fd`, home, `${home}/worker.log`, `${home}/server.log`];
      expect(await readableBy(nobody, paths)).toEqual([]);
      // The control: the user that runs both reads all of it, which is why they are to be two.
      expect(await readableBy(0, paths)).toEqual(paths);
      expect(readFileSync(`/proc/${worker}/environ`, 'utf8')).toContain('rostrum_scorer');
    },
  );

  test.runIf(process.platform === 'linux')('what the web was started with names no other role of the database', () => {
    const environment = readFileSync(`/proc/${processOf(attacked(), 'server')}/environ`, 'utf8');
    expect(environment).toContain('//rostrum_web:');
    expect(environment).not.toMatch(/\/\/(rostrum_owner|rostrum_scorer|postgres):/);
  });
}
