import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Attacked, askAs } from './attacked.ts';
import { processOf } from './other-user.ts';

const mebibyte = 2 ** 20;

/** Members of gzip one after the other: a few megabytes that unpack to eight thousand. */
function aBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(10 * mebibyte), { level: 9 });
  const members = Math.floor((7.9 * mebibyte) / member.length);
  // The control: it is one.
  expect([gunzipSync(member).length, members > 700]).toEqual([10 * mebibyte, true]);
  return Buffer.concat(Array(members).fill(member));
}

/** The most memory that the web has ever held, in MiB. */
function peakOf(attacked: Attacked): number {
  const status = readFileSync(`/proc/${processOf(attacked, 'server')}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

export function testBombs(attacked: () => Attacked): void {
  test('eight gigabytes in eight megabytes are refused, in as much memory as any file takes', async () => {
    const send = async (body: Buffer, headers: Record<string, string>) => {
      const path = '/api/v1/competitions/open/submissions?split=dev';
      const origin = { Origin: attacked().stack.origin, 'Content-Type': 'text/csv' };
      const init = { method: 'POST', body: body as BodyInit, headers: { ...origin, ...headers } };
      const response = await askAs(attacked(), 'rival', path, init);
      return [response.status, JSON.stringify(await response.json())] as const;
    };
    const before = peakOf(attacked());
    const bomb = aBomb();
    for (const headers of [{}, { 'Content-Encoding': 'gzip' }] as Record<string, string>[]) {
      const [status, body] = await send(bomb, headers);
      expect(status).toBe(422);
      expect(body).toMatch(/gzip-(ratio|too-large)/);
    }
    expect(peakOf(attacked()) - before).toBeLessThan(200);
  });
}
