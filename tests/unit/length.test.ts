import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { keepLength } from '../../bin/server/length.ts';

async function answered(answer: (response: ServerResponse) => void, method = 'GET'): Promise<Response> {
  const server = createServer((_, response) => {
    keepLength(response);
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`, { method });
  await response.clone().arrayBuffer();
  server.close();
  return response;
}

test('the length that a route gives goes out as Content-Length', async () => {
  const response = await answered((r) => {
    r.setHeader('X-Rostrum-Length', ['5']);
    r.write('he');
    r.end('llo');
  });
  expect(response.headers.get('Content-Length')).toBe('5');
  expect(response.headers.get('X-Rostrum-Length')).toBeNull();
  expect(await response.text()).toBe('hello');
});

test('HEAD tells it too', async () => {
  const response = await answered((r) => {
    r.setHeader('X-Rostrum-Length', '12345');
    r.end();
  }, 'HEAD');
  expect(response.headers.get('Content-Length')).toBe('12345');
});

test('other answers go out as they are', async () => {
  const response = await answered((r) => {
    r.writeHead(201, { 'X-A': 'b' });
    r.write('x');
    r.end();
  });
  expect([response.status, response.headers.get('X-A'), response.headers.get('Content-Length')]).toEqual([
    201,
    'b',
    null,
  ]);
});
