import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dropKept, readKept, writeKept } from '../../bin/client/kept.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-kept-'));
  path = join(folder, 'config.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The number of a process that has ended. */
const ended = () => spawnSync(process.execPath, ['--version']).pid;

test.each([
  ['written again', () => writeKept(path, { kept: 1 }), ['config.json']],
  ['dropped', () => dropKept(path), []],
])('what a killed process left half written goes once the file is %s, and nothing else', (_, act, left) => {
  const others = [`config.json.${process.ppid}`, 'config.json.old', 'other.json.1'];
  for (const name of [`config.json.${ended()}`, ...others]) writeFileSync(join(folder, name), '{');
  act();
  expect(readdirSync(folder).sort()).toEqual([...left, ...others].sort());
});

test('a file that is half written is as good as none', () => {
  writeFileSync(path, '{"kept": ');
  expect(readKept(path)).toBeNull();
});
