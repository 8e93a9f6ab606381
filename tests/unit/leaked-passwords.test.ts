import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { isLeaked } from '#lib/identity/leaked-passwords.ts';
import { hashNewPassword } from '#lib/identity/password-hash.ts';
import { log } from '#lib/log.ts';

/** However slow the machine is. */
const patientMs = 60_000;
log.level = 'silent';
const digestOf = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();
const leaked = Array.from({ length: 80 }, (_, i) => `leaked password ${i}`);
const lines = leaked.map((password, i) => `${digestOf(password)}:${i + 1}`).sort();

async function aService(answer: RequestListener): Promise<{ url: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range` };
}

describe('a file of leaked passwords', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rostrum-leaks-'));
    writeFileSync(join(folder, 'unix.txt'), `${lines.join('\n')}\n`);
    writeFileSync(join(folder, 'windows.txt'), lines.join('\r\n'));
    writeFileSync(join(folder, 'one.txt'), lines[0]!);
    writeFileSync(join(folder, 'empty.txt'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const inFile = (name: string, password: string) => isLeaked(password, { file: join(folder, name) });

  test.each(['unix.txt', 'windows.txt'])('knows every line of %s, and nothing else', async (name) => {
    for (const password of leaked) expect(await inFile(name, password), password).toBe(true);
    for (const password of leaked) expect(await inFile(name, `${password}!`), password).toBe(false);
  });

  test('may have one line or none', async () => {
    const first = leaked.find((password) => lines[0]!.startsWith(digestOf(password)))!;
    expect([await inFile('one.txt', first), await inFile('one.txt', 'верный конь')]).toEqual([true, false]);
    expect(await inFile('empty.txt', first)).toBe(false);
  });

  test('refuses a new password with a sentence of its own', async () => {
    const choose = (password: string) =>
      hashNewPassword({ password, leaks: { file: join(folder, 'unix.txt') } }, 'anna@example.org');
    await expect(choose(leaked[7]!)).rejects.toMatchObject({ code: 'password-leaked' });
    expect(await choose('верный конь')).toMatch(/^\$argon2id\$/);
  });
});

describe('a service that knows leaked passwords', () => {
  test('is told five digits of the digest and nothing else of the password', async () => {
    const asked: string[] = [];
    const service = await aService(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers['add-padding']} ${headers['user-agent'] === undefined ? '' : 'agent'}`);
      const prefix = url.slice(-5);
      const known = lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(5));
      response.end([...known, `${digestOf('padding').slice(5)}:0`].join('\r\n'));
    });
    expect(await isLeaked(leaked[3]!, service, patientMs)).toBe(true);
    expect(await isLeaked('верный конь', service, patientMs)).toBe(false);
    expect(asked[0]).toMatch(new RegExp(`^/range/${digestOf(leaked[3]!).slice(0, 5)} true`));
    expect(asked.join()).not.toContain(digestOf(leaked[3]!).slice(5, 12));
    // What only pads the answer was never leaked.
    expect(await isLeaked('padding', service, patientMs)).toBe(false);
  });

  test('is not waited for', async () => {
    const service = await aService(() => {});
    expect(await isLeaked(leaked[3]!, service, 50)).toBe(false);
  });

  test.each([
    ['is away', (_request, response) => response.destroy()],
    ['is broken', (_request, response) => response.writeHead(500).end()],
    [
      'sends on to elsewhere',
      (_request, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
    ],
  ] satisfies [string, RequestListener][])(
    'lets everything through while it %s, with a line in the log',
    async (_how, answer) => {
      const said = vi.spyOn(log, 'warn');
      onTestFinished(() => said.mockRestore());
      expect(await isLeaked(leaked[3]!, await aService(answer), patientMs)).toBe(false);
      expect(said).toHaveBeenCalledWith(expect.anything(), expect.stringContaining('went unchecked'));
    },
  );
});

test('without a source nothing is asked', async () => {
  expect(await isLeaked(leaked[3]!, null)).toBe(false);
});
