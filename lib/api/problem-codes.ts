import { z } from 'zod';

/*
 * Every problem that /api/v1 answers with: its status, what the document says beside code and sentence, and the headers that come
 * with it. What a code means stands in the messages `api.code-…`.
 */

export type ProblemCode = keyof typeof problemCodes;

type Declared = { status: number; values: z.ZodRawShape; headers: readonly string[] };

const instant = z.iso.datetime();
const wait = { retryAfterSeconds: z.number().nonnegative() };

export const problemCodes = {
  'malformed-request': problem(400),
  'malformed-address': problem(400),
  'invalid-parameter': problem(400, { parameter: z.string(), problem: z.string() }),
  'body-incomplete': problem(400),
  'digest-invalid': problem(400),
  'digest-mismatch': problem(400, { algorithm: z.enum(['sha-256', 'sha-512']) }),
  unauthenticated: problem(401, {}, ['WWW-Authenticate']),
  scope: problem(403, { scope: z.enum(['read', 'submit']) }, ['WWW-Authenticate']),
  'cross-origin': problem(403),
  rules: problem(403),
  team: problem(403),
  phase: problem(403, { opensAt: instant, timeZone: z.string() }),
  'not-found': problem(404, { kind: z.string(), id: z.string() }),
  'method-not-allowed': problem(405, { method: z.string() }, ['Allow']),
  'body-timeout': problem(408, { seconds: z.int() }),
  'request-timeout': problem(408),
  'split-empty': problem(409, { split: z.enum(['test', 'dev']) }),
  'idempotency-mismatch': problem(409, { id: z.uuid() }),
  'too-large': problem(413, { maxBytes: z.int() }),
  'unsupported-media-type': problem(415, { type: z.string() }, ['Accept-Post']),
  'unsupported-encoding': problem(415, { encoding: z.string() }, ['Accept-Encoding']),
  'range-unsatisfiable': problem(416, { bytes: z.int() }, ['Content-Range']),
  'expectation-failed': problem(417),
  'invalid-file': problem(422, { id: z.uuid(), state: z.literal('rejected'), count: z.int() }),
  quota: problem(429, { ...wait, limit: z.int(), resetsAt: instant, timeZone: z.string() }, ['Retry-After']),
  'rate-limited': problem(429, wait, ['Retry-After']),
  'too-many-attempts': problem(429, { ...wait, minutes: z.int() }, ['Retry-After']),
  'too-many-streams': problem(429, wait, ['Retry-After']),
  'header-too-large': problem(431),
  internal: problem(500),
  unavailable: problem(503, {}, ['Retry-After']),
  'disk-full': problem(507),
} satisfies Record<string, Declared>;

/** Before a request reaches any route: what cannot be read, and what no route answers. They may come instead of every answer. */
export const codesOfServer: readonly ProblemCode[] = [
  'malformed-request',
  'malformed-address',
  'request-timeout',
  'expectation-failed',
  'header-too-large',
];

/** Of addresses and methods that no route has. */
export const codesOutsideRoutes: readonly ProblemCode[] = ['not-found', 'method-not-allowed'];

function problem(status: number, values: z.ZodRawShape = {}, headers: readonly string[] = []): Declared {
  return { status, values, headers };
}
