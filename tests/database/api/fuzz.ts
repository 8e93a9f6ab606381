import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { drive } from '../../fuzz/drive.ts';
import { send } from '../../fuzz/send.ts';
import { aWorld } from '../../fuzz/world.ts';
import type { TestSite } from '../../site.ts';

/** The same requests in every run: chance has its ten minutes in `npm run fuzz`. */
const seed = 20_261_130;
const requests = 400;

/** A short walk of the fuzzer through every route; `npm run fuzz` goes further. */
export function testFuzz(site: () => TestSite): void {
  test(`whatever is asked (seed ${seed}), the answer is as the document says and no fault of ours`, async () => {
    const known = await aWorld(site());
    const outcome = await drive(site().origin, known, { seed, isOver: (asked) => asked >= requests });
    expect(outcome.failure).toBeNull();
    expect(outcome.statuses.size).toBeGreaterThan(40);
  }, 120_000);

  test('who is still sending when they are refused hears why, on a connection that ends with the answer', async () => {
    for (const target of ['/api/v1/competitions', '/api/v1/nothing-there']) {
      const asked = { method: 'PROPFIND', target, headers: [], body: Buffer.alloc(20 * 2 ** 20, 'a') };
      const { status, body } = await send(site().origin, asked);
      expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ status });
      expect([404, 405]).toContain(status);
    }
  });

  test.each<[string, RequestListener]>([
    ['fails', (_, response) => response.writeHead(500, { 'Content-Type': 'application/json' }).end('{}')],
    ['answers what nobody declared', (_, response) => response.writeHead(418).end()],
    ['hangs up', (request) => request.socket.destroy()],
  ])('control: a server that %s is found out', async (_, listener) => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const known = { tokens: ['rst_x'], values: {}, files: [Buffer.from('id,text\n')] };
    const { port } = server.address() as AddressInfo;
    const outcome = await drive(`http://127.0.0.1:${port}`, known, { seed, isOver: (asked) => asked >= 80 });
    expect(outcome.failure).toMatch(/500|418|no answer/);
    server.closeAllConnections();
    server.close();
  });
}
