import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Refusal } from './sentences.mjs';

/** The port to serve on: `port` where it can be opened on `host`, a free one for 0. Refuses with what to do instead. */
export async function requirePort(host: string, port: number): Promise<number> {
  if (port === 0) return freePort(host);
  const outcome = await tryPort(host, port);
  if (typeof outcome === 'number') return outcome;
  if (outcome === 'EACCES') throw new Refusal('port-refused', { port });
  if (outcome !== 'EADDRINUSE') throw new Refusal('host-unknown', { host });
  const free = await tryPort(host, port + 1);
  throw new Refusal('port-used', { host, port, other: typeof free === 'number' ? free : port + 2 });
}

/**
 * One that nothing listens on. Those that systems give away by themselves begin at 32768: a connection to somewhere else could
 * take one of them before it is listened on.
 */
export async function freePort(host: string): Promise<number> {
  for (;;) {
    const outcome = await tryPort(host, randomInt(20_000, 32_768));
    if (typeof outcome === 'number') return outcome;
    if (outcome !== 'EADDRINUSE') throw new Refusal('host-unknown', { host });
  }
}

/** The port that was opened for a moment, or why none could be. */
export function tryPort(host: string, port: number): Promise<number | string> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'EUNKNOWN'));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

/** How this machine itself reaches what listens on `host`. */
export function localAddress(host: string, port: number): string {
  if (host === '0.0.0.0') return `127.0.0.1:${port}`;
  if (host === '::') return `[::1]:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
