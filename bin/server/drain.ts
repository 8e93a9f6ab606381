import type { RequestListener, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * How a web process stops: first it says so, then nobody new comes in, and what is under way ends by itself.
 */

export type Drain = {
  /** Whether it has begun. */
  isStopping(): boolean;
  /** Around what answers: from the beginning on every answer is the last one on its connection. */
  around(listener: RequestListener): RequestListener;
  /** Resolves when nothing is under way any more, or `limitMs` after the door was closed. */
  run(server: Server, times: { noticeMs: number; limitMs: number }, onClosed: () => void): Promise<void>;
};

const lookEveryMs = 50;

export function createDrain(): Drain {
  const underWay = new Set<ServerResponse>();
  let isStopping = false;
  return {
    isStopping: () => isStopping,
    around: (listener) => (request, response) => {
      underWay.add(response);
      response.on('close', () => underWay.delete(response));
      if (isStopping) response.shouldKeepAlive = false;
      return listener(request, response);
    },
    async run(server, { noticeMs, limitMs }, onClosed) {
      isStopping = true;
      for (const response of underWay) if (!response.headersSent) response.shouldKeepAlive = false;
      await sleep(noticeMs);
      const closed = new Promise((resolve) => server.close(resolve));
      onClosed();
      // Of answers whose head had gone out before, the connection stays when they end.
      const look = setInterval(() => server.closeIdleConnections(), lookEveryMs);
      await Promise.race([closed, sleep(limitMs, undefined, { ref: false })]);
      clearInterval(look);
      server.closeAllConnections();
    },
  };
}
