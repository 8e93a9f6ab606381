import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request on the way. */
export type Fault =
  /** It arrives, and the answer to it is lost. */
  | { kind: 'answer-lost' }
  /** It arrives, and the answer waits until the line is closed. */
  | { kind: 'answer-held' }
  /** Somebody before the server answers. */
  | { kind: 'instead'; status: number; headers?: Record<string, string>; body?: string }
  /** So many bytes of the answer pass, then the connection breaks, or nothing more comes. */
  | { kind: 'cut' | 'stalled'; afterBytes: number }
  /** One byte of the answer is another. */
  | { kind: 'damaged' };

/** A way to a server on which things go wrong, by HTTP. `fault` decides for every request; null lets it pass. */
export type UnsteadyLine = {
  origin: string;
  fault: (request: IncomingMessage) => Fault | null;
  /** Bytes of answers' bodies that passed. */
  passed: number;
  /** What was asked, `GET /path`. */
  asked: string[];
  /** Nobody listens any more, and then again. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Resolves when a fault of this kind has struck. */
  struck(kind: Fault['kind']): Promise<void>;
  close(): Promise<void>;
};

export async function anUnsteadyLine(target: string): Promise<UnsteadyLine> {
  let server: Server;
  let port = 0;
  const watchers: { kind: Fault['kind']; resolve(): void }[] = [];
  const strike = (kind: Fault['kind']) => {
    for (const watcher of watchers.filter((one) => one.kind === kind)) watcher.resolve();
  };
  const listen = async () => {
    server = createServer((asked, answer) => pass(line, target, asked, answer, strike));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const close = async () => {
    server.close();
    server.closeAllConnections();
  };
  const line: UnsteadyLine = {
    origin: '',
    fault: () => null,
    passed: 0,
    asked: [],
    down: close,
    up: listen,
    struck: (kind) => new Promise((resolve) => watchers.push({ kind, resolve })),
    close,
  };
  await listen();
  line.origin = `http://127.0.0.1:${port}`;
  return line;
}

function pass(
  line: UnsteadyLine,
  target: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  strike: (kind: Fault['kind']) => void,
): void {
  line.asked.push(`${asked.method} ${asked.url}`);
  const fault = line.fault(asked);
  if (fault?.kind === 'instead') {
    asked.resume();
    answer.writeHead(fault.status, fault.headers ?? {}).end(fault.body ?? '');
    strike('instead');
    return;
  }
  const onward: ClientRequest = request(`${target}${asked.url}`, { method: asked.method, headers: asked.headers });
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  onward.on('response', (came) => {
    if (fault?.kind === 'answer-lost' || fault?.kind === 'answer-held') {
      // The server is done with it by now.
      came.resume().on('end', () => {
        if (fault.kind === 'answer-lost') answer.destroy();
        strike(fault.kind);
      });
      return;
    }
    answer.writeHead(came.statusCode ?? 0, came.headers);
    let left = fault?.kind === 'cut' || fault?.kind === 'stalled' ? fault.afterBytes : Number.POSITIVE_INFINITY;
    came.on('data', (piece: Buffer) => {
      if (left === 0) return;
      const passing = Buffer.from(piece.subarray(0, Math.min(left, piece.length)));
      if (fault?.kind === 'damaged' && passing.length > 0) passing[0]! ^= 1;
      left -= passing.length;
      line.passed += passing.length;
      answer.write(passing);
      if (left > 0) return;
      if (fault?.kind === 'cut') answer.destroy();
      strike(fault!.kind);
    });
    came.on('end', () => {
      if (left > 0) answer.end();
    });
    came.on('error', () => answer.destroy());
  });
  asked.pipe(onward);
}
