import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identityOf, isAlive } from '#lib/processes.mjs';
import { isInstalled } from '../../bin/start/install.mjs';
import { lockHolder, takeLock } from '../../bin/start/lock.mjs';
import { nodeTrouble, oldestNode } from '../../bin/start/node-version.mjs';
import { Refusal, tables, terminalLanguage } from '../../bin/start/sentences.mjs';
import { hashOfSources } from '../../bin/start/sources.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-launcher-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('what the launchers say', () => {
  test('every sentence exists in both languages, with the same values', () => {
    const values = (table: Record<string, string>) =>
      Object.entries(table).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()]);
    expect(Object.fromEntries(values(tables.ru))).toEqual(Object.fromEntries(values(tables.en)));
  });

  test.each([
    [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
    [{ LANG: 'en_GB.UTF-8', LC_ALL: 'ru_RU.UTF-8' }, 'ru'],
    [{ LANG: 'C.UTF-8' }, 'en'],
    [{}, 'en'],
  ])('a terminal with %o is spoken to in: %s', (environment, language) => {
    expect(terminalLanguage(environment as unknown as NodeJS.ProcessEnv)).toBe(language);
  });

  test('a refusal is a whole sentence with its values filled in', () => {
    const { message } = new Refusal('port-used', { host: '127.0.0.1', port: 3000, other: 3001 });
    expect(message).toContain('3000');
    expect(message).not.toMatch(/[{}]/);
  });
});

describe('Node', () => {
  test.each(['12.22.12', '18.20.8', '20.18.3'])('%s is refused, with what is there and what is needed', (version) => {
    expect(nodeTrouble(version)?.message).toContain(version);
    expect(nodeTrouble(version)?.message).toContain(oldestNode);
  });

  test.each(['20.19.0', '20.20.2', '22.0.0', '24.11.1'])('%s will do', (version) => {
    expect(nodeTrouble(version)).toBeNull();
  });

  test('is refused where npm refuses it', () => {
    const { engines } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(engines.node).toBe(`>=${oldestNode}`);
  });
});

describe('the lock of a home', () => {
  const path = () => join(folder, 'running.json');

  test('is held by one, who can tell where it is, until it lets go', () => {
    const mine = takeLock(path());
    if (mine.status !== 'held') throw new Error('not held');
    mine.tell({ address: 'http://127.0.0.1:3000' });
    expect(takeLock(path())).toMatchObject({
      status: 'taken',
      holder: { pid: process.pid, address: 'http://127.0.0.1:3000' },
    });
    mine.release();
    expect(existsSync(path())).toBe(false);
  });

  test.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, identity: 'boot 1' }],
    ['another process that got the number since', { pid: process.pid, identity: 'boot 1' }],
  ])('left behind by %s is no obstacle', (_, holder) => {
    writeFileSync(path(), JSON.stringify(holder));
    expect(lockHolder(path())).toBeNull();
    expect(takeLock(path()).status).toBe('held');
  });

  test('that cannot be read is no obstacle', () => {
    writeFileSync(path(), '{"pid":');
    expect(takeLock(path()).status).toBe('held');
  });
});

test('a zombie is not alive, and a process is told from the next one with its number', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  expect(isAlive(child.pid!)).toBe(true);
  expect(identityOf(child.pid!)).not.toBe(identityOf(process.pid));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('exit', resolve));
  expect(isAlive(child.pid!)).toBe(false);
});

describe('packages are installed', () => {
  const wanted = {
    '': {},
    'node_modules/next': { version: '16.0.0' },
    'node_modules/vitest': { version: '4.0.0', dev: true },
    'node_modules/swc-darwin': { version: '16.0.0', optional: true },
  };

  function write(account: Record<string, { version: string }> | null): void {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    if (account === null) return;
    for (const place of Object.keys(account)) mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: account }));
  }
  const next = { 'node_modules/next': { version: '16.0.0' } };
  const vitest = { 'node_modules/vitest': { version: '4.0.0' } };

  test.each([
    ['nothing', null, false, false],
    ['another version', { 'node_modules/next': { version: '15.0.0' } }, false, false],
    ['what running needs', next, true, false],
    ['everything for this platform', { ...next, ...vitest }, true, true],
  ])('with %s', (_, account, forRunning, forChecks) => {
    write(account);
    expect(isInstalled(folder, { withDevelopment: false })).toBe(forRunning);
    expect(isInstalled(folder, { withDevelopment: true })).toBe(forChecks);
  });

  test('not where a folder was removed by hand', () => {
    write(next);
    rmSync(join(folder, 'node_modules/next'), { recursive: true });
    expect(isInstalled(folder, { withDevelopment: false })).toBe(false);
  });
});

test('a build is stale when a source changes in content, and not when it is only touched', () => {
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app/page.tsx'), 'one');
  const before = hashOfSources(folder, 'pages');
  writeFileSync(join(folder, 'app/page.tsx'), readFileSync(join(folder, 'app/page.tsx')));
  expect(hashOfSources(folder, 'pages')).toBe(before);
  writeFileSync(join(folder, 'app/page.tsx'), 'two');
  expect(hashOfSources(folder, 'pages')).not.toBe(before);
});
