import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Far more than any file that is taken. */
const mostDropped = 32 * 2 ** 20;

/**
 * Ends an answer only once all of its request is in, up to a limit, whoever gives it: where the connection ends with the answer, to end
 * before the sender does is to break it, and they would see that instead of the answer. On a connection that stays Node reads on itself.
 */
export function hearOut(request: IncomingMessage, response: ServerResponse): void {
  // Of ten thousand who watch, none is to carry this along.
  if (!hasBody(request)) return;
  const end = response.end;
  response.end = function heard(this: ServerResponse, ...args: unknown[]) {
    response.end = end;
    if (response.shouldKeepAlive || !isStillSent(request)) return Reflect.apply(end, this, args);
    const told = typeof args.at(-1) === 'function' ? [args.pop()] : [];
    response.flushHeaders();
    if (args[0] !== undefined && args[0] !== null) Reflect.apply(response.write, response, args);
    void dropRest(request).then(() => Reflect.apply(end, response, told));
    return this;
  } as typeof end;
}

/** Whoever sends on for longer than this does not mean to listen. */
const patienceMs = 10_000;

/** The same where the request could not be read: the answer goes out on the bare connection, and what still comes is read by nobody. */
export async function answerBare(socket: Socket, answer: Promise<string>): Promise<void> {
  let dropped = 0;
  socket.removeAllListeners('data');
  socket.on('data', (chunk) => {
    dropped += chunk.length;
    if (dropped > mostDropped) socket.destroy();
  });
  const patience = setTimeout(() => socket.destroy(), patienceMs).unref();
  socket.on('close', () => clearTimeout(patience));
  socket.end(await answer);
}

/** Who waits for a word before they send will not: their expectation is what is refused. */
function isStillSent({ complete, headers }: IncomingMessage): boolean {
  return !complete && headers.expect === undefined;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return 'transfer-encoding' in headers || 'content-length' in headers;
}

/** Reads on without keeping anything. */
async function dropRest(request: IncomingMessage): Promise<void> {
  let dropped = 0;
  try {
    for await (const chunk of request) {
      dropped += (chunk as Buffer).length;
      if (dropped > mostDropped) return;
    }
  } catch {
    // Gone before the end: nobody is left to hear anything.
  }
}
