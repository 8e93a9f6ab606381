import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type Server, get as startGet } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createDrain, type Drain } from '../../bin/server/drain.ts';

/** Answers at once, but for `/slow`, which waits for `release`, and `/begun`, of which the head is out already. */
type Slow = {
  server: Server;
  drain: Drain;
  agent: Agent;
  port: number;
  release(): void;
  asked(path: string): Promise<void>;
};

const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

async function aServer(): Promise<Slow> {
  const drain = createDrain();
  const open: (() => void)[] = [];
  const seen = new Map<string, () => void>();
  const server = createServer(
    drain.around(({ url = '' }, response) => {
      if (url === '/begun') response.writeHead(200).write('first');
      if (url === '/slow' || url === '/begun') open.push(() => response.end('last'));
      else response.end('at once');
      seen.get(url)?.();
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  return {
    server,
    drain,
    agent,
    port: (server.address() as AddressInfo).port,
    release() {
      for (const end of open) end();
    },
    asked: (path) => new Promise((resolve) => seen.set(path, resolve)),
  };
}

async function get({ port, agent }: Slow, path: string): Promise<{ connection: string | undefined; text: string }> {
  const [response] = (await once(startGet({ host: '127.0.0.1', port, path, agent }), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  return { connection: response.headers.connection, text };
}

test('who is told beforehand is still answered, for the last time on a connection', async () => {
  const slow = await aServer();
  expect((await get(slow, '/')).connection).toBe('keep-alive');
  // Never over in this test: nothing but the notice has begun.
  void slow.drain.run(slow.server, { noticeMs: 600_000, limitMs: 0 }, () => {});
  expect(slow.drain.isStopping()).toBe(true);
  expect(await get(slow, '/')).toEqual({ connection: 'close', text: 'at once' });
  slow.server.close();
});

test.each(['/slow', '/begun'])(
  'an answer under way (%s) ends before the server does, and nobody new comes in',
  async (path) => {
    const slow = await aServer();
    const asked = slow.asked(path);
    const answer = get(slow, path);
    await asked;
    let isOver = false;
    let tellClosed = () => {};
    const closed = new Promise<void>((resolve) => {
      tellClosed = resolve;
    });
    const over = slow.drain.run(slow.server, { noticeMs: 0, limitMs: 600_000 }, tellClosed).then(() => {
      isOver = true;
    });
    await closed;
    const [refusal] = await once(connect({ host: '127.0.0.1', port: slow.port }), 'error');
    expect([refusal.code, isOver]).toEqual(['ECONNREFUSED', false]);
    slow.release();
    expect((await answer).text).toMatch(/last$/);
    await over;
  },
);

test('(control) an answer that takes longer than it may is cut off', async () => {
  const slow = await aServer();
  const asked = slow.asked('/slow');
  const answer = get(slow, '/slow').catch((error: NodeJS.ErrnoException) => error.code);
  await asked;
  await slow.drain.run(slow.server, { noticeMs: 0, limitMs: 10 }, () => {});
  expect(await answer).toBe('ECONNRESET');
});
