import { z } from 'zod';
import * as answers from '#lib/api/answers.ts';
import { type JsonSchema, type SchemaMaker, schemaOf } from '#lib/api/json-schema.ts';
import { codesOutsideRoutes, type ProblemCode, problemCodes } from '#lib/api/problem-codes.ts';
import {
  type Answer,
  apiRoot,
  type Content,
  codesOf,
  type Route,
  type RouteName,
  routeNames,
  routes,
} from '#lib/api/routes.ts';
import { apiTexts } from '#lib/api/texts.ts';
import type { Language } from '#lib/messages/language.ts';

/*
 * The OpenAPI 3.1 document of /api/v1, made of lib/api/routes.ts, the schemas and the messages. What may be added later is open in
 * it; `closed`, for the tests, makes every field that is not declared an error.
 */

export type Options = { origin: string; language?: Language; closed?: boolean };
type Maker = SchemaMaker & { responses: Record<string, JsonSchema> };

export function openApiDocument({ origin, language = 'en', closed = false }: Options) {
  const maker: Maker = { texts: apiTexts(language), closed, schemas: {}, responses: {} };
  const paths: Record<string, JsonSchema> = {};
  for (const name of routeNames) {
    const { path, method } = routes[name];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(maker, name) };
  }
  for (const code of codesOutsideRoutes) refer(maker, [code]);
  return {
    openapi: '3.1.1',
    info: { title: 'Rostrum', version: '1', description: maker.texts('about') },
    servers: [{ url: `${origin}${apiRoot}` }],
    tags: [...new Set(routeNames.map((name) => routes[name].tag))].map((tag) => ({
      name: tag,
      description: maker.texts(`tag-${tag}`),
    })),
    paths,
    components: {
      schemas: sorted(maker.schemas),
      responses: sorted(maker.responses),
      parameters: {
        language: parameter(maker, 'query', 'language', { type: 'string', enum: ['ru', 'en'] }, false),
      },
      headers: headersOf(maker),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: maker.texts('security-token') },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'rostrum-session',
          description: maker.texts('security-session'),
        },
      },
    },
  };
}

function operationOf(maker: Maker, name: RouteName): JsonSchema {
  const route: Route = routes[name];
  const text = maker.texts.find(`route-${name}-text`);
  return {
    operationId: name,
    tags: [route.tag],
    summary: maker.texts(`route-${name}`),
    ...(text === null ? {} : { description: text }),
    security: securityOf(route),
    parameters: parametersOf(maker, route),
    ...(route.body === null
      ? {}
      : {
          requestBody: {
            required: true,
            description: maker.texts('body-submit'),
            content: Object.fromEntries(route.body.map((type) => [type, {}])),
          },
        }),
    responses: responsesOf(maker, name, route),
  };
}

function securityOf({ access }: Route): JsonSchema[] {
  if (access === 'anyone') return [];
  const scope = access === 'public' ? 'read' : access;
  return [...(access === 'public' ? [{}] : []), { token: [scope] }, { session: [] }];
}

function parametersOf(maker: Maker, route: Route): JsonSchema[] {
  const query = route.query === null ? null : schemaOf(maker, route.query, 'input');
  const required = (query?.required ?? []) as readonly string[];
  const asked = Object.entries((query?.properties ?? {}) as Record<string, JsonSchema>);
  return [
    ...Object.entries(route.parameters).map(([name, schema]) =>
      parameter(maker, 'path', name, schemaOf(maker, schema, 'input'), true),
    ),
    ...asked.map(([name, schema]) => parameter(maker, 'query', name, schema, required.includes(name))),
    ...Object.entries(route.requestHeaders).map(([name, schema]) =>
      parameter(maker, 'header', name, schemaOf(maker, schema, 'input'), false),
    ),
    { $ref: '#/components/parameters/language' },
  ];
}

function parameter(maker: Maker, place: string, name: string, schema: JsonSchema, required: boolean): JsonSchema {
  return { name, in: place, required, description: maker.texts(`parameter-${name}`), schema };
}

function responsesOf(maker: Maker, name: RouteName, route: Route): Record<string, JsonSchema> {
  const good = route.answers.map((answer) => [answer.status, goodResponse(maker, name, route, answer)] as const);
  const codes = codesOf(route);
  const statuses = [...new Set(codes.map((code) => problemCodes[code].status))];
  const bad = statuses.map((status) => {
    const ofStatus = codes.filter((code) => problemCodes[code].status === status);
    return [status, refer(maker, ofStatus)] as const;
  });
  return Object.fromEntries([...good, ...bad].sort(([a], [b]) => a - b));
}

function goodResponse(maker: Maker, name: RouteName, route: Route, { status, content, headers }: Answer): JsonSchema {
  const own = maker.texts.find(`answer-${name}-${status}`) ?? maker.texts(`answer-${status}`);
  const named = [
    ...(name === 'followEvents' ? [] : ['X-Request-Id']),
    'Cache-Control',
    ...limitHeaders(route),
    ...headers,
  ];
  return {
    description: own,
    headers: headerReferences(named),
    ...(content.length === 0 ? {} : { content: contentsOf(maker, content) }),
  };
}

function contentsOf(maker: Maker, content: readonly Content[]): JsonSchema {
  return Object.fromEntries(content.map(({ type, schema }) => [type.split(';')[0]!, mediaTypeOf(maker, schema)]));
}

function mediaTypeOf(maker: Maker, schema: Content['schema']): JsonSchema {
  if (schema === 'bytes') return {};
  return { schema: schema === 'text' ? { type: 'string' } : schemaOf(maker, schema, 'output') };
}

/** Problems of one status, as a component that routes share. */
function refer(maker: Maker, codes: readonly ProblemCode[]): JsonSchema {
  const name = `${problemCodes[codes[0]!].status}-${codes.join('-')}`;
  maker.responses[name] ??= badResponse(maker, codes);
  return { $ref: `#/components/responses/${name}` };
}

/** Every code with its own values. A header field is required where all of them have it. */
function badResponse(maker: Maker, codes: readonly ProblemCode[]): JsonSchema {
  const references = codes.map((code) => ({ $ref: problemSchema(maker, code) }));
  const mapping = Object.fromEntries(codes.map((code, i) => [code, references[i]!.$ref]));
  const schema =
    references.length === 1 ? references[0]! : { oneOf: references, discriminator: { propertyName: 'code', mapping } };
  return {
    description: codes.map((code) => `\`${code}\`: ${maker.texts(`code-${code}`)}`).join('\n\n'),
    headers: { ...headerReferences(['X-Request-Id', 'Cache-Control']), ...headersOfCodes(maker, codes) },
    content: { 'application/problem+json': { schema } },
  };
}

function headersOfCodes(maker: Maker, codes: readonly ProblemCode[]): JsonSchema {
  const all = codes.map((code): readonly string[] => problemCodes[code].headers);
  const names = [...new Set(all.flat())];
  return Object.fromEntries(
    names.map((name) => {
      const isCommon = all.every((headers) => headers.includes(name));
      return [name, isCommon ? headerReference(name) : { ...headerOf(maker, name), required: false }];
    }),
  );
}

function problemSchema(maker: Maker, code: ProblemCode): string {
  const name = `problem.${code}`;
  const { status, values } = problemCodes[code];
  const own = schemaOf(maker, z.object(values), 'output');
  const base = schemaOf({ ...maker, closed: false }, answers.problem, 'output');
  maker.schemas[name] = {
    description: maker.texts(`code-${code}`),
    allOf: [
      base,
      {
        type: 'object',
        properties: { ...(own.properties as JsonSchema), status: { const: status }, code: { const: code } },
        required: Object.keys(values),
      },
    ],
    ...(maker.closed ? { unevaluatedProperties: false } : {}),
  };
  return reference(name);
}

function limitHeaders({ limit }: Route): string[] {
  return limit === null ? [] : ['RateLimit-Policy', 'RateLimit'];
}

function headerReferences(names: readonly string[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, headerReference(name)]));
}

const number = '\\d+';
/** By name, the pattern of the value. */
export const answerHeaders: Readonly<Record<string, string>> = {
  'X-Request-Id': '^[0-9a-f-]{36}$',
  'Cache-Control': '^(private, (no-store|no-cache(, no-transform)?)|no-cache(, no-transform)?|public, max-age=\\d+)$',
  'RateLimit-Policy': `^"\\w+";q=${number};w=${number}$`,
  RateLimit: `^"\\w+";r=${number};t=${number}$`,
  ETag: '^(W/)?"[!#-~]+"$',
  Location: '^https?://',
  'Retry-After': `^${number}$`,
  'WWW-Authenticate': '^Bearer( error="(invalid_token|insufficient_scope)"(, scope="(read|submit)")?)?$',
  Allow: '^[A-Z]+(, [A-Z]+)*$',
  'Accept-Post': '/',
  'Accept-Encoding': '^gzip$',
  'Accept-Ranges': '^bytes$',
  'Content-Range': `^bytes (\\*|${number}-${number})/${number}$`,
  'Content-Disposition': '^attachment; filename=',
  'Repr-Digest': '^sha-256=:[\\w+/]{43}=:$',
};

function headersOf(maker: Maker): JsonSchema {
  return Object.fromEntries(Object.keys(answerHeaders).map((name) => [name, headerOf(maker, name)]));
}

function headerOf({ texts }: Maker, name: string): JsonSchema {
  const schema = { type: 'string', pattern: answerHeaders[name] };
  return { required: true, description: texts(`header-${name}`), schema };
}

function headerReference(name: string): JsonSchema {
  return { $ref: `#/components/headers/${name}` };
}

function sorted(components: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}
