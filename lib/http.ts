import { createHash, randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import { isLossCode } from '#lib/db/lost-connection.ts';
import { InvalidFileError, NotFoundError, RefusedError } from '#lib/errors.ts';
import { codesOf, log } from '#lib/log.ts';
import { chooseLanguage, type Language } from '#lib/messages/language.ts';
import { isMessageKey, type Translate, translator } from '#lib/messages/translate.ts';
import { type Problem, sentenceOf } from '#lib/problems.ts';

/*
 * What every answer of the API has in common: the caller's language, a request id, what caches may do, and the one mapping from
 * errors to RFC 9457 problem details.
 */

export type Call<Params> = {
  request: Request;
  params: Params;
  query: URLSearchParams;
  language: Language;
  t: Translate;
  /** By which the log knows this request, and whoever asked. */
  requestId: string;
};

type Context<Params> = { params: Promise<Params> };

/** What answers differ by beside their address. */
const differing = 'Authorization, Cookie, Accept, Accept-Language';

/** One thing wrong with a file, as the API tells it. */
export type FileError = { line: number; column: number; code: string; message: string };

/** Wraps what a route does: whatever it throws becomes a problem document, and nothing that it does not say itself is cached. */
export function handler<Params = unknown>(
  answer: (call: Call<Params>) => Promise<Response>,
): (request: Request, context: Context<Params>) => Promise<Response> {
  return async (request, context) => {
    // Our server gives one to every request.
    const requestId = request.headers.get('x-request-id') ?? randomUUID();
    const { searchParams: query, pathname } = new URL(request.url);
    const language = languageOf(request, query);
    const problem = (error: unknown) => {
      const refusal = refusalOf(error);
      if (refusal.status >= 500) {
        log.error({ err: error, requestId, method: request.method, path: pathname }, 'request failed');
      }
      return problemResponse(refusal, language, requestId);
    };
    const response = await Promise.resolve(context.params)
      .then((params) => answer({ request, params, query, language, t: translator(language), requestId }))
      .catch(problem)
      // A sentence that its values do not fit is our fault too, and no reason to say nothing.
      .catch(problem);
    return withDefaults(response, requestId);
  };
}

/** The problem document of a refusal. `detail` is a sentence that says what to do; `code` and its values are for programs. */
export function problemResponse(refusal: RefusedError, language: Language, requestId: string): Response {
  const t = translator(language);
  const body = {
    ...refusal.values,
    type: `urn:rostrum:problem:${refusal.code}`,
    title: STATUS_CODES[refusal.status] ?? 'Error',
    status: refusal.status,
    detail: detailOf(refusal, t),
    code: refusal.code,
    requestId,
    ...(refusal instanceof InvalidFileError ? { errors: fileErrors(refusal.problems, t) } : {}),
  };
  const headers = {
    ...refusal.headers,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Language': language,
  };
  return new Response(JSON.stringify(body), { status: refusal.status, headers });
}

export function fileErrors(problems: readonly Problem[], t: Translate): FileError[] {
  return problems.map((problem) => ({
    line: problem.line,
    column: problem.column,
    code: problem.code,
    message: sentenceOf(problem, t),
  }));
}

/** The query's parameters that `schema` names; refuses with the name of the first that does not fit. */
export function parseQuery<Shape extends z.ZodType>(query: URLSearchParams, schema: Shape): z.infer<Shape> {
  return parseValue('query', Object.fromEntries(query), schema);
}

/** A value from outside, such as a header, in the shape it must have. */
export function parseValue<Shape extends z.ZodType>(name: string, value: unknown, schema: Shape): z.infer<Shape> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new RefusedError('invalid-parameter', 400, { parameter: issue.path.join('.') || name, problem: issue.message });
}

/** Whether the caller holds what we would send: If-None-Match names `etag`, weak or strong (RFC 9110 §13.1.2). */
export function isUnchanged(request: Request, etag: string): boolean {
  const held = request.headers.get('if-none-match');
  if (held === null) return false;
  return held.trim() === '*' || held.split(',').some((tag) => opaqueTag(tag) === opaqueTag(etag));
}

/**
 * A JSON answer that its caller may keep, and asks again for: 304 where it holds the same. What changes with every answer, such as
 * the time, stands in `passing` and makes no other answer of it.
 */
export function revalidatedJson<Body extends object>(
  request: Request,
  body: Body,
  passing: readonly (keyof Body & string)[] = [],
): Response {
  const lasting = Object.fromEntries(Object.entries(body).filter(([key]) => !passing.some((name) => name === key)));
  return revalidated(request, JSON.stringify(body), { 'Content-Type': 'application/json' }, JSON.stringify(lasting));
}

/** A text likewise. The tag is weak: compressed or not, it is the same answer. */
export function revalidated(
  request: Request,
  body: string,
  given: Record<string, string>,
  lasting: string = body,
): Response {
  const etag = `W/"${createHash('sha256').update(lasting).digest('base64url').slice(0, 22)}"`;
  const headers = { 'Cache-Control': 'private, no-cache', Vary: differing, ...given, ETag: etag };
  if (!isUnchanged(request, etag)) return new Response(body, { headers });
  const { 'Content-Type': _, ...kept } = headers as Record<string, string>;
  return new Response(null, { status: 304, headers: kept });
}

/** An error as what the caller is told: unknown ones as `internal`, those of a database that cannot serve now as 503 or 507. */
export function refusalOf(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error;
  const codes = codesOf(error);
  // PostgreSQL's texts hold no U+0000: nothing has a name like that.
  if (codes.includes('22021')) return new NotFoundError('name', '');
  if (codes.some((code) => code === '53100' || code === 'ENOSPC')) return new RefusedError('disk-full', 507);
  if (codes.some(isUnavailability)) return new RefusedError('unavailable', 503, {}, { 'Retry-After': '5' });
  return new RefusedError('internal', 500);
}

function opaqueTag(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}

function languageOf(request: Request, query: URLSearchParams): Language {
  const cookie = /(?:^|;\s*)rostrum-language=(ru|en)(?:;|$)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return chooseLanguage(query.get('language') ?? cookie, request.headers.get('accept-language'));
}

function detailOf(refusal: RefusedError, t: Translate): string {
  const key = `common.error-${refusal.code}`;
  return isMessageKey(key) ? t(key, refusal.values) : refusal.code;
}

function withDefaults(response: Response, requestId: string): Response {
  response.headers.set('X-Request-Id', requestId);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  const length = response.headers.get('Content-Length');
  // Next drops the one; bin/server.ts makes it of the other again.
  if (length !== null) response.headers.set('X-Rostrum-Length', length);
  if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'private, no-store');
  return response;
}

/** Connection lost or refused, ended by the server or what stands before it, or resources short: class 53, or this process's descriptors. */
function isUnavailability(code: string): boolean {
  return isLossCode(code) || /^(53[0-9A-Z]{3}|57P0[0-9A-Z]|08P01)$/.test(code) || ['EMFILE', 'ENFILE'].includes(code);
}
