import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { ApiAnswer } from '../api-answers.ts';

/** A request as its bytes: no client's sense of what is proper stands in between. */
export type Ask = { method: string; target: string; headers: readonly (readonly [string, string])[]; body: Uint8Array };

export type Heard = ApiAnswer & { milliseconds: number };

const patienceMs = 60_000;

/** Sends a request on a connection of its own and reads the answer; of a stream of events only its head. */
export function send(origin: string, ask: Ask): Promise<Heard> {
  const begun = performance.now();
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const finish = (isOver: boolean) => {
      const answer = parseAnswer(Buffer.concat(chunks), ask.method, isOver);
      if (answer === null && !isOver) return;
      socket.destroy();
      if (answer === null) reject(new Error(`no answer to ${describeAsk(ask)}`));
      else resolve({ ...answer, milliseconds: performance.now() - begun });
    };
    socket.setTimeout(patienceMs, () => finish(true));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      finish(false);
    });
    // Who refuses an upload may close before all of it is sent: what it said before that counts.
    socket.on('error', () => finish(true));
    socket.on('end', () => finish(true));
    socket.on('connect', () => {
      socket.write(headOf(ask, `${hostname}:${port}`));
      socket.write(ask.body);
    });
  });
}

export function describeAsk({ method, target, headers, body }: Ask): string {
  const fields = headers.map(([name, value]) => `${name}: ${value.slice(0, 80)}`).join(', ');
  return `${method} ${target.slice(0, 300)} {${fields}} ${body.length} bytes`;
}

/** Latin-1, as HTTP's head is: each character is one byte. */
function headOf({ method, target, headers, body }: Ask, host: string): Buffer {
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  const own = [
    ...(named.has('host') ? [] : [`Host: ${host}`]),
    ...(named.has('content-length') || named.has('transfer-encoding') || (body.length === 0 && method === 'GET')
      ? []
      : [`Content-Length: ${body.length}`]),
    'Connection: close',
  ];
  const fields = headers.map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${[...own, ...fields].join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Null where it is not complete yet. */
function parseAnswer(bytes: Buffer, method: string, isOver: boolean): ApiAnswer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(first.split(' ')[1]);
  const rest = bytes.subarray(end + 4);
  if (status < 200) return parseAnswer(rest, method, isOver);
  const headers = new Headers(lines.map((line) => /^([^:]+):\s*(.*)$/.exec(line)!.slice(1, 3) as [string, string]));
  if (method === 'HEAD' || status === 204 || status === 304) return { status, headers, body: Buffer.alloc(0) };
  if (headers.get('content-type')?.startsWith('text/event-stream')) return { status, headers, body: Buffer.alloc(0) };
  const body = headers.get('transfer-encoding') === 'chunked' ? dechunked(rest) : announced(rest, headers, isOver);
  return body && { status, headers, body: unpacked(body, headers.get('content-encoding')) };
}

/** As whoever asked for an encoding reads it. */
function unpacked(body: Buffer, encoding: string | null): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  if (encoding === 'br') return brotliDecompressSync(body);
  return encoding === 'deflate' ? inflateSync(body) : body;
}

function announced(rest: Buffer, headers: Headers, isOver: boolean): Buffer | null {
  const length = headers.get('content-length');
  if (length === null) return isOver ? rest : null;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : null;
}

function dechunked(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (size === 0) return Buffer.concat(parts);
    if (bytes.length < line + 2 + size + 2) return null;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
