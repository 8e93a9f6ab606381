import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { answerBare, hearOut } from '../../bin/server/hear-out.ts';

const body = Buffer.alloc(9 * 2 ** 20, 'a');
const headOf = (method: string) =>
  `${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;

const refuse: RequestListener = (_, response) => response.writeHead(413, { 'Content-Length': 3 }).end('no\n');
const refuseInPieces: RequestListener = (_, response) => {
  response.writeHead(413).write('n');
  response.end('o\n');
};

/** What somebody hears who reads once all is sent; null where the connection breaks before. */
async function heardFrom(
  listener: RequestListener,
  { method = 'POST', onBroken }: { method?: string; onBroken?: (socket: Socket) => void } = {},
): Promise<string | null> {
  const server = createServer(listener);
  if (onBroken) server.on('clientError', (_, socket) => onBroken(socket as Socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const heard = await new Promise<string | null>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    socket.on('error', () => resolve(null));
    socket.write(headOf(method));
    socket.write(body, () => text(socket).then(resolve, () => resolve(null)));
  });
  server.closeAllConnections();
  server.close();
  return heard;
}

test.each([
  ['at once', refuse],
  ['in pieces', refuseInPieces],
])('an answer that is given %s before all of its request is in reaches who is still sending', async (_, listener) => {
  const heard = await heardFrom((request, response) => {
    hearOut(request, response);
    listener(request, response);
  });
  expect(heard).toMatch(/^HTTP\/1.1 413 .*no?/s);
});

test('(control) from a server that does not hear them out it is lost', async () => {
  expect(await heardFrom(refuse)).toBeNull();
});

describe('an answer to what is no request', () => {
  const said = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n';

  test('reaches who is still sending', async () => {
    const onBroken = (socket: Socket) => void answerBare(socket, Promise.resolve(said));
    expect(await heardFrom(refuse, { method: 'JZHLJE', onBroken })).toBe(said);
  });

  test('(control) is lost where what follows is taken for more of the same', async () => {
    const onBroken = (socket: Socket) => (socket.writable ? socket.end(said) : socket.destroy());
    expect(await heardFrom(refuse, { method: 'JZHLJE', onBroken })).toBeNull();
  });
});
