import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Language } from '#lib/messages/language.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { ClientEnvironment } from './environment.mjs';
import { type Answer, createExchange, type Question } from './exchange.ts';
import { NoRostrumError, type ProblemDocument, RefusedByServerError, UnreachableError } from './refusals.ts';
import { isPassing, isPassingError, patienceMs, retryAfterSeconds, waitBefore } from './retries.ts';

/** What is asked of the API. `path` begins after /api/v1, or is a whole address that the server named. */
export type Call = {
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
  /** Try once: whoever typed an address wants to hear of the mistake at once. */
  isOnce?: boolean;
};

/** Why the client waits before it tries again: a status, or the code of a broken connection. */
export type Waiting = (seconds: number, reason: string) => void;

/**
 * A server's API as one person with one token uses it. Everything that is asked may be asked again: uploads by their
 * Idempotency-Key. Throws RefusedByServerError, UnreachableError, NoRostrumError.
 */
export type Server = {
  /** Without a slash at the end. */
  address: string;
  token: string | null;
  onWaiting: Waiting;
  /** In milliseconds, of retries.ts. */
  patience: number;
  json<Body>(path: string, call?: Call): Promise<Body>;
  /** `take` reads the answer, a 304 too; where that fails midway, it is called again with a new one. */
  read<Result>(path: string, take: (answer: Answer) => Promise<Result>, call?: Call): Promise<Result>;
  close(): void;
};

const apiPath = '/api/v1';

export function connect(
  { address, token, language }: { address: string; token: string | null; language: Language },
  environment: ClientEnvironment,
): Server {
  const exchange = createExchange(environment);
  const base = {
    'User-Agent': `rostrum/${packageFile.version} node/${process.versions.node}`,
    'Accept-Language': language,
  };
  const server: Server = {
    address,
    token,
    onWaiting: () => {},
    patience: patienceMs.look,
    json: <Body>(path: string, call?: Call) => server.read<Body>(path, jsonOf, call),
    async read(path, take, call = {}) {
      const url = urlOf(server, path);
      const authorization = token !== null && isOurs(url, address) ? { Authorization: `Bearer ${token}` } : undefined;
      const { isOnce = false, method = 'GET', headers, body } = call;
      const question: Question = { url, method, headers: { ...base, ...authorization, ...headers } };
      if (body !== undefined) question.body = body;
      return persist(server, isOnce, async () => {
        const answer = await exchange.ask(question);
        if (answer.status >= 300 && answer.status !== 304) throw await refusalOf(server, answer);
        return take(answer);
      });
    },
    close: exchange.close,
  };
  return server;
}

/** Files of the API are asked for where we reach it, whatever the server calls itself; mirrors where they are. */
function urlOf({ address }: Server, path: string): URL {
  if (path.startsWith('/')) return new URL(`${address}${apiPath}${path}`);
  const ours = path.indexOf(`${apiPath}/competitions/`);
  return new URL(ours === -1 ? path : `${address}${path.slice(ours)}`);
}

function isOurs(url: URL, address: string): boolean {
  return url.href.startsWith(`${address}${apiPath}/`);
}

async function jsonOf<Body>({ headers, body, status, url }: Answer): Promise<Body> {
  const text = await textOf({ body });
  if (!/\bjson\b/.test(headers['content-type'] ?? '')) throw new NoRostrumError(url.origin, status);
  return JSON.parse(text);
}

export async function textOf({ body }: Pick<Answer, 'body'>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function refusalOf(server: Server, answer: Answer): Promise<RefusedByServerError | NoRostrumError> {
  const { status, headers } = answer;
  const text = await textOf(answer);
  const told = {
    hadToken: server.token !== null,
    retryAfterSeconds: retryAfterSeconds(headers['retry-after'], new Date()),
  };
  if ((headers['content-type'] ?? '').startsWith('application/problem+json')) {
    return new RefusedByServerError(server.address, JSON.parse(text), told);
  }
  if (status < 400 || status === 404 || status === 405) return new NoRostrumError(server.address, status);
  // A proxy before it speaks for itself.
  const detail = `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trim();
  return new RefusedByServerError(server.address, { status, code: `http-${status}`, detail } as ProblemDocument, told);
}

async function persist<Result>(server: Server, isOnce: boolean, act: () => Promise<Result>): Promise<Result> {
  const begun = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      const passing = passingReason(error, server.patience);
      if (passing === null) throw wrapped(server, error);
      const waitMs = passing.seconds === null ? waitBefore(attempt, Math.random()) : passing.seconds * 1000;
      if (isOnce || performance.now() - begun + waitMs > server.patience) throw wrapped(server, error);
      server.onWaiting(Math.ceil(waitMs / 1000), passing.reason);
      await sleep(waitMs);
    }
  }
}

/** Null where trying again would change nothing. */
function passingReason(error: unknown, patience: number): { reason: string; seconds: number | null } | null {
  if (error instanceof RefusedByServerError) {
    const { problem, retryAfterSeconds: seconds } = error;
    // An attempt of the next day is for people to spend.
    if (problem.code === 'quota') return null;
    return isPassing(problem.status, seconds, patience) ? { reason: String(problem.status), seconds } : null;
  }
  const code = codeOf(error);
  return isPassingError(code) ? { reason: code, seconds: null } : null;
}

function wrapped(server: Server, error: unknown): unknown {
  return codeOf(error) === '' ? error : new UnreachableError(server.address, error);
}

/** Of the system or of Node; of several addresses that failed, that of the first. */
export function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string' && code !== '') return code;
  return errors?.[0] === undefined ? '' : codeOf(errors[0]);
}
