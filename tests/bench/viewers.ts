import { connect, type Socket } from 'node:net';
import { crc32 } from 'node:zlib';

/*
 * Viewers of one competition's events, as many as one process can hold: a socket each, and of what comes nothing is kept but the bytes
 * by which it ended. Everybody is sent the same, so these tell who has been told what.
 */

export type Hall = {
  /** When each who was told of this news last was, in milliseconds by `performance.now()`. */
  toldOf(news: Buffer): number[];
  leave(): void;
};

/** A comment that keeps the line open is shorter, and no news. */
const leastNewsBytes = 40;
const tailBytes = 48;
/** As browsers wait: the server's `retry` spreads them likewise. */
const retryMs = () => 1000 + 3000 * Math.random();

type Viewer = { socket: Socket; tail: number; at: number };

/** So many of them come, `perSecond`, each from another address behind one proxy; who is cut off comes back. */
export function aHallOf(count: number, url: URL, perSecond: number): Hall {
  const viewers: Viewer[] = [];
  let isLeaving = false;
  const enter = (i: number) => {
    const address = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    const viewer = viewers[i] ?? { socket, tail: 0, at: 0 };
    viewers[i] = Object.assign(viewer, { socket });
    socket.on('connect', () => socket.write(requestOf(url, address)));
    socket.on('data', (chunk: Buffer) => {
      if (chunk.length < leastNewsBytes) return;
      viewer.tail = tailOf(chunk);
      viewer.at = performance.now();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!isLeaving) setTimeout(enter, retryMs(), i);
    });
  };
  for (let i = 0; i < count; i += 1) {
    setTimeout(enter, (1000 * i) / perSecond, i);
  }
  return {
    toldOf(news) {
      const tail = tailOf(news);
      return viewers.filter((viewer) => viewer?.tail === tail).map(({ at }) => at);
    },
    leave() {
      isLeaving = true;
      for (const viewer of viewers) viewer?.socket.destroy();
    },
  };
}

function tailOf(bytes: Buffer): number {
  return crc32(bytes.subarray(-tailBytes));
}

function requestOf(url: URL, address: string): string {
  return [
    `GET ${url.pathname} HTTP/1.1`,
    `Host: ${url.host}`,
    'Accept: text/event-stream',
    'Accept-Encoding: gzip, deflate, br',
    `X-Forwarded-For: ${address}`,
    '',
    '',
  ].join('\r\n');
}
