import { createServer, type IncomingHttpHeaders, type RequestListener, request as startRequest } from 'node:http';
import { duplexPair } from 'node:stream';

export type InsideAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };
export type AskInside = (path: string, headers: Record<string, string>) => Promise<InsideAnswer>;

/** Asks a request handler of this process, over a connection that never leaves it, and waits for the whole answer. */
export function askInside(handle: RequestListener): AskInside {
  const server = createServer(handle);
  return (path, headers) =>
    new Promise((resolve, reject) => {
      const [ours, theirs] = duplexPair();
      const request = startRequest({ createConnection: () => ours, path, headers });
      request.on('error', reject);
      request.on('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          ours.destroy();
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
        });
      });
      request.end();
      server.emit('connection', theirs);
    });
}
