import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, inject, test } from 'vitest';
import { freePort } from '../../bin/start/address.ts';
import { startTestStack } from '../stack.ts';

test('a web process whose port somebody else took ends each time, and its log says why', async () => {
  const port = await freePort('127.0.0.1');
  const somebody = createServer().listen(port, '127.0.0.1');
  await once(somebody, 'listening');
  try {
    const started = startTestStack(inject('cluster'), { PORT: String(port) });
    await expect(started).rejects.toThrow(/"msg":"web cannot listen"/);
    await expect(started).rejects.toMatchObject({ cause: { name: 'NeverReadyError' } });
  } finally {
    somebody.close();
  }
});
