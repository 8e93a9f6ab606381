import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { allowanceHeaders, createRequestCounter } from '#lib/api/limits.ts';
import { answerHeaders, openApiDocument } from '#lib/api/openapi.ts';
import { problemCodes } from '#lib/api/problem-codes.ts';
import { methodsAt, routeNames, routes, routesAt } from '#lib/api/routes.ts';
import { languages } from '#lib/messages/language.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { checkAnswer } from '../api-answers.ts';

const root = join(import.meta.dirname, '../..');
const document = openApiDocument({ origin: 'https://asr.example.org' });

describe('the document', () => {
  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  });

  test('control: one whose answer has no description is not', async () => {
    const broken = JSON.parse(JSON.stringify(document));
    delete broken.components.responses['404-not-found'].description;
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
  });

  test('refers to nothing that it does not have', () => {
    const text = JSON.stringify(document);
    const parts = new Map(Object.entries(document.components).map(([kind, of]) => [kind, Object.keys(of)]));
    const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter(([, kind, name]) => !parts.get(kind!)?.includes(name!)).map(([all]) => all)).toEqual([]);
  });

  test('is what `npm run openapi` prints, and nothing else', () => {
    const printed = execFileSync(process.execPath, [join(root, 'dist/openapi.mjs')], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(openApiDocument({ origin: '' }))));
  });

  test('can be written in both languages', () => {
    const [russian, english] = languages.map((language) => openApiDocument({ origin: '', language }).info.description);
    expect(russian).toMatch(/[а-я]/);
    expect(english).not.toMatch(/[а-я]/);
  });
});

/** `GET /competitions/{slug}/data/files/{split}/{name}`, of every method that a route file exports. */
function served(): string[] {
  const folder = join(root, 'app/api/v1');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('route.ts'));
  return files.flatMap((file) => {
    const path = `/${file.replace(/\/route\.ts$/, '')}`.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, '{$1}');
    const source = readFileSync(join(folder, file), 'utf8');
    return [...source.matchAll(/^export const (\w+) = declared(?:<.+>)?\(\s*'(\w+)'/gm)].map(
      ([, method, name]) => `${name}: ${method} ${path}`,
    );
  });
}

describe('every route', () => {
  test('that is declared has its handler under its path, and every handler is declared', () => {
    // The streams are the server's own: bin/server/handle.ts.
    const declared = routeNames.filter((name) => name !== 'followEvents');
    expect(served().sort()).toEqual(
      declared.map((name) => `${name}: ${routes[name].method} ${routes[name].path}`).sort(),
    );
  });

  test('no file under /api/v1 exports a handler that goes past the declaration', () => {
    const files = readdirSync(join(root, 'app/api/v1'), { recursive: true, encoding: 'utf8' });
    const handlers = files.flatMap((file) =>
      /route\.tsx?$/.test(file)
        ? [...readFileSync(join(root, 'app/api/v1', file), 'utf8').matchAll(/^export (?!type).*$/gm)].map(
            ([line]) => line,
          )
        : [],
    );
    expect(handlers.length).toBe(routeNames.length - 1);
    expect(handlers.filter((line) => !/^export const (GET|POST) = declared/.test(line))).toEqual([]);
  });

  test('is found by its address', () => {
    expect(routesAt('/competitions')).toEqual(['listCompetitions']);
    expect(routesAt('/competitions/a/data/files/train/a/b%2Fc.wav')).toEqual(['getRecording']);
    expect(methodsAt('/competitions/a/submissions')).toEqual(['POST', 'GET', 'HEAD', 'OPTIONS']);
    expect(methodsAt('/competitions/a/nothing')).toEqual([]);
  });
});

test('every text of the API is about something that there is', () => {
  const json = JSON.stringify(document);
  const fields = new Set([...json.matchAll(/"properties":\{|"([\w-]+)":\{"description"/g)].map(([, name]) => name));
  const known: Record<string, (rest: string) => boolean> = {
    route: (rest) => routeNames.some((name) => rest === name || rest === `${name}-text`),
    parameter: (rest) => json.includes(`"name":"${rest}"`),
    header: (rest) => rest in answerHeaders,
    code: (rest) => rest in problemCodes,
    schema: (rest) => rest in document.components.schemas || !/^[A-Z]/.test(rest),
    field: (rest) => fields.has(rest.split('-').at(-1)!),
  };
  const dead = Object.keys(messagesOf('api', 'en')).filter((key) => {
    const [kind = '', ...rest] = key.split('-');
    return known[kind]?.(rest.join('-')) === false;
  });
  expect(dead).toEqual([]);
});

describe('an answer that the document does not tell of fails', () => {
  const url = 'http://rostrum.test/api/v1/competitions';
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'private, no-cache',
    'X-Request-Id': '00000000-0000-4000-8000-000000000000',
    ETag: 'W/"x"',
    RateLimit: '"read";r=1;t=1',
    'RateLimit-Policy': '"read";q=1;w=1',
  };
  const check = (body: unknown, given: Record<string, string> = {}, status = 200) =>
    checkAnswer('GET', url, {
      status,
      headers: new Headers({ ...headers, ...given }),
      body: Buffer.from(JSON.stringify(body)),
    });

  test('the declared one passes', () => expect(() => check({ competitions: [] })).not.toThrow());
  test('a field too many', () => expect(() => check({ competitions: [], more: 1 })).toThrow(/unevaluated/));
  test('a field too few', () => expect(() => check({})).toThrow(/competitions/));
  test('another media type', () =>
    expect(() => check({ competitions: [] }, { 'Content-Type': 'text/html' })).toThrow(/media type/));
  test('another status', () => expect(() => check({}, {}, 418)).toThrow(/status 418/));
  test('a header that does not fit', () =>
    expect(() => check({ competitions: [] }, { RateLimit: 'soon' })).toThrow(/RateLimit/));
  test('a code of another call', () => {
    const problem = { type: 'x', title: 'x', status: 429, detail: 'x', code: 'quota', requestId: 'x' };
    const given = {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'private, no-store',
      'Retry-After': '1',
    };
    expect(() => check({ ...problem, retryAfterSeconds: 1 }, given, 429)).toThrow();
    expect(() => check({ ...problem, retryAfterSeconds: 1, code: 'rate-limited' }, given, 429)).not.toThrow();
  });
});

describe('requests are counted', () => {
  const limit = { requests: 2, windowSeconds: 60 };

  test('up to so many in a window, each caller alone', () => {
    const counter = createRequestCounter();
    const left = (subject: string, atMs: number) => counter.spend('read', limit, subject, atMs).left;
    expect([left('a', 0), left('a', 1), left('a', 59_999), left('b', 2)]).toEqual([1, 0, -1, 1]);
    expect(left('a', 60_000)).toBe(1);
  });

  test('and forgotten where there are too many callers, those whose window is over first', () => {
    const counter = createRequestCounter(3);
    for (const [subject, atMs] of [
      ['a', 0],
      ['b', 30_000],
      ['c', 30_000],
      ['d', 61_000],
    ] as const) {
      counter.spend('read', limit, subject, atMs);
    }
    expect(counter.size()).toBe(3);
    expect(counter.spend('read', limit, 'b', 61_000).left).toBe(0);
    for (let i = 0; i < 100; i += 1) counter.spend('read', limit, `more-${i}`, 61_000);
    expect(counter.size()).toBe(3);
  });

  test('and told in the fields of the draft', () => {
    const allowance = createRequestCounter().spend('submit', limit, 'a', 0);
    expect(allowanceHeaders(allowance)).toEqual({
      'RateLimit-Policy': '"submit";q=2;w=60',
      RateLimit: '"submit";r=1;t=60',
    });
  });
});
