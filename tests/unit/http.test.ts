import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { InvalidFileError, NotFoundError, RefusedError, TooManyRequestsError } from '#lib/errors.ts';
import { handler, isUnchanged, parseQuery } from '#lib/http.ts';
import { log } from '#lib/log.ts';

const context = { params: Promise.resolve({}) };

function refusedWith(error: unknown, headers: Record<string, string> = {}, query = ''): Promise<Response> {
  const route = handler(async () => {
    throw error;
  });
  return route(new Request(`http://rostrum.test/api/v1/x${query}`, { headers }), context);
}

describe('an error becomes a problem document', () => {
  test('with its status, code, values and the sentence that says what to do', async () => {
    const response = await refusedWith(new TooManyRequestsError('quota', 90, { limit: 5 }), {
      'Accept-Language': 'en',
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('Retry-After')).toBe('90');
    expect(await response.json()).toMatchObject({
      type: 'urn:rostrum:problem:quota',
      title: 'Too Many Requests',
      status: 429,
      code: 'quota',
      detail: expect.stringContaining('No attempts are left'),
      limit: 5,
      retryAfterSeconds: 90,
    });
  });

  test('a file with problems lists all of them, each as a sentence', async () => {
    const problems = [
      { line: 3, column: 1, code: 'id-unknown', values: { id: 'u-19' } },
      { line: 0, column: 0, code: 'id-missing', values: { id: 'u-2' } },
    ];
    const response = await refusedWith(
      new InvalidFileError(problems, { id: 'x', state: 'rejected' }),
      {},
      '?language=en',
    );
    const body = await response.json();
    expect(response.status).toBe(422);
    expect(body).toMatchObject({ id: 'x', state: 'rejected', count: 2, code: 'invalid-file' });
    expect(body.errors).toEqual([
      { line: 3, column: 1, code: 'id-unknown', message: expect.stringContaining('u-19') },
      { line: 0, column: 0, code: 'id-missing', message: expect.stringContaining('u-2') },
    ]);
  });

  test('values never overwrite what the document itself says', async () => {
    const response = await refusedWith(
      new RefusedError('rules', 403, { status: 200, code: 'fine', detail: 'all well' }),
    );
    expect(await response.json()).toMatchObject({ status: 403, code: 'rules' });
  });

  test.each([
    ['the query', '?language=en', { 'Accept-Language': 'ru' }, 'en'],
    ['the cookie', '', { Cookie: 'a=b; rostrum-language=en', 'Accept-Language': 'ru' }, 'en'],
    ['the header', '', { 'Accept-Language': 'en-GB' }, 'en'],
    ['nothing at all', '', {}, 'ru'],
  ])('in the language of %s', async (_, query, headers, language) => {
    const response = await refusedWith(new NotFoundError('x', 'y'), headers as Record<string, string>, query);
    expect(response.headers.get('Content-Language')).toBe(language);
  });

  test('an unknown one says nothing of itself, and is logged under the id that the caller got', async () => {
    const logged = vi.spyOn(log, 'error').mockImplementation(() => {});
    const response = await refusedWith(new Error('password=hunter2 in /srv/secret.ts'));
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', status: 500 });
    expect(text).not.toMatch(/hunter2|secret/);
    expect(logged.mock.calls[0]?.[0]).toMatchObject({ requestId: response.headers.get('X-Request-Id') });
    logged.mockRestore();
  });

  test('one whose sentence lacks its values is still told as a problem', async () => {
    const logged = vi.spyOn(log, 'error').mockImplementation(() => {});
    const response = await refusedWith(new RefusedError('too-many-attempts', 429));
    expect([response.status, (await response.json()).code]).toEqual([500, 'internal']);
    logged.mockRestore();
  });

  test.each([
    ['a full disk', Object.assign(new Error('x'), { code: '53100' }), 507, 'disk-full'],
    ['a stopped database', Object.assign(new Error('x'), { code: '57P01' }), 503, 'unavailable'],
    [
      'a refused connection',
      new Error('query', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      503,
      'unavailable',
    ],
    [
      'a process that may open nothing more',
      new Error('query', { cause: Object.assign(new Error('x'), { code: 'EMFILE' }) }),
      503,
      'unavailable',
    ],
    [
      'a transaction whose connection broke',
      new Error('rollback', { cause: new Error('Client has encountered a connection error and is not queryable') }),
      503,
      'unavailable',
    ],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), 503, 'unavailable'],
    ['a violated constraint', Object.assign(new Error('x'), { code: '23505' }), 500, 'internal'],
  ])('%s is told as %s', async (_, error, status, code) => {
    const logged = vi.spyOn(log, 'error').mockImplementation(() => {});
    const response = await refusedWith(error);
    expect([response.status, (await response.json()).code]).toEqual([status, code]);
    logged.mockRestore();
  });
});

describe('an answer', () => {
  test('is kept by no cache unless the route says so', async () => {
    const plain = await handler(async () => Response.json({}))(new Request('http://r.test/'), context);
    expect(plain.headers.get('Cache-Control')).toBe('private, no-store');
    const open = await handler(async () => Response.json({}, { headers: { 'Cache-Control': 'public, no-cache' } }))(
      new Request('http://r.test/'),
      context,
    );
    expect(open.headers.get('Cache-Control')).toBe('public, no-cache');
  });

  test('carries a request id and is taken for what it says it is', async () => {
    const answer = await handler(async () => Response.json({}))(new Request('http://r.test/'), context);
    expect(answer.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });
});

test('a parameter that does not fit is named', () => {
  const schema = z.object({ split: z.enum(['dev', 'test']) });
  expect(parseQuery(new URLSearchParams('split=dev'), schema)).toEqual({ split: 'dev' });
  expect(() => parseQuery(new URLSearchParams('split=train'), schema)).toThrowError(
    expect.objectContaining({
      code: 'invalid-parameter',
      status: 400,
      values: expect.objectContaining({ parameter: 'split' }),
    }),
  );
});

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
])('If-None-Match: %s holds "a": %s', (header, held) => {
  expect(isUnchanged(new Request('http://r.test/', { headers: { 'If-None-Match': header } }), '"a"')).toBe(held);
});
