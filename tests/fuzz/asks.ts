import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { openApiDocument } from '#lib/api/openapi.ts';
import { apiRoot } from '#lib/api/routes.ts';
import type { Ask } from './send.ts';

/*
 * Requests made of the OpenAPI document alone: for every operation values that fit the schemas of its parameters, values that do not,
 * and what nobody should send. `Known` are values that lead somewhere in the world that is asked.
 */

export type Known = { tokens: readonly string[]; values: Record<string, readonly string[]>; files: readonly Buffer[] };

type Schema = { type?: string; enum?: readonly string[]; pattern?: string; format?: string; maxLength?: number };
type Parameter = { name: string; in: string; required: boolean; schema: Schema };
type Operation = { parameters: readonly (Parameter | { $ref: string })[]; requestBody?: { content: object } };

const document = openApiDocument({ origin: '' });
const parameters = document.components.parameters as unknown as Record<string, Parameter>;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    parameters: operation.parameters.map((given) =>
      '$ref' in given ? parameters[given.$ref.split('/').at(-1)!]! : given,
    ),
    hasBody: operation.requestBody !== undefined,
  })),
);

const bomb = gzipSync(Buffer.alloc(80 * 2 ** 20, 'a'));
const nasty = [
  '',
  '%00',
  '..',
  '../../etc/passwd',
  '%2e%2e%2f',
  "' or 1=1--",
  '\u0000',
  '💥',
  'ё',
  '%',
  '%zz',
  '%ff',
  '-1',
  'null',
  '{}',
  '[]',
];

/** One request to the world of `known`. */
export function anAsk(known: Known): fc.Arbitrary<Ask> {
  const declared = fc.constantFrom(...operations).chain((operation) => ofOperation(operation, known));
  return fc.oneof(
    { weight: 12, arbitrary: declared },
    {
      weight: 2,
      arbitrary: fc.record({ ask: declared, method: anyMethod }).map(({ ask, method }) => ({ ...ask, method })),
    },
    { weight: 1, arbitrary: anywhere },
  );
}

const anyMethod = fc.oneof(
  fc.constantFrom('HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'POST', 'GET', 'PROPFIND', 'QUERY'),
  fc.stringMatching(/^[A-Z]{1,12}$/),
);

const anywhere: fc.Arbitrary<Ask> = fc
  .record({ method: anyMethod, path: fc.array(fc.oneof(fc.webSegment(), fc.constantFrom(...nasty)), { maxLength: 6 }) })
  .map(({ method, path }) => ({
    method,
    target: `${apiRoot}/${path.map(targetOf).join('/')}`,
    headers: [],
    body: Buffer.alloc(0),
  }));

function ofOperation({ path, method, parameters: declared, hasBody }: (typeof operations)[number], known: Known) {
  const inPlace = (place: string) => declared.filter((parameter) => parameter.in === place);
  return fc
    .record({
      path: fc.record(
        Object.fromEntries(inPlace('path').map((parameter) => [parameter.name, inPath(parameter, known)])),
      ),
      query: fc.tuple(...inPlace('query').map((parameter) => inQuery(parameter, known))),
      more: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oddQuery }),
      headers: fc.tuple(...inPlace('header').map((parameter) => inHeader(parameter, known))),
      credentials: credentials(known),
      odd: fc.oneof(
        { weight: 5, arbitrary: fc.constant([]) },
        { weight: 2, arbitrary: fc.array(oddHeader, { maxLength: 4 }) },
      ),
      body: hasBody ? bodies(known) : fc.constant({ headers: [], body: Buffer.alloc(0) }),
    })
    .map((made): Ask => {
      const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => made.path[name]!);
      const query = [...made.query.filter((part) => part !== ''), ...(made.more === '' ? [] : [made.more])].join('&');
      return {
        method,
        target: `${apiRoot}${at}${query === '' ? '' : `?${query}`}`,
        headers: [...made.credentials, ...made.headers.flat(), ...made.body.headers, ...made.odd],
        body: made.body.body,
      };
    });
}

/** Of the schema, of what is known to be there, or of nothing that was ever meant. */
function valueFor({ name, schema }: Parameter, known: Known): fc.Arbitrary<string> {
  const there = known.values[name] ?? schema.enum ?? [];
  return fc.oneof(
    ...(there.length === 0 ? [] : [{ weight: 8, arbitrary: fc.constantFrom(...there) }]),
    { weight: 3, arbitrary: fitting(schema) },
    { weight: 1, arbitrary: fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...nasty)) },
  );
}

function fitting(schema: Schema): fc.Arbitrary<string> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
      .map((at) => at.toISOString());
  if (schema.format === 'uri') return fc.webUrl({ withFragments: true, withQueryParameters: true });
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern, 'u'));
  return fc.string({ maxLength: Math.min(schema.maxLength ?? 60, 300) });
}

function inPath(parameter: Parameter, known: Known): fc.Arbitrary<string> {
  const value = valueFor(parameter, known);
  return value.map((text) => (parameter.name === 'name' ? text.split('/').map(targetOf).join('/') : targetOf(text)));
}

function inQuery(parameter: Parameter, known: Known): fc.Arbitrary<string> {
  const pair = valueFor(parameter, known).map((text) => `${parameter.name}=${targetOf(text)}`);
  const often = { weight: parameter.required ? 9 : 2, arbitrary: pair };
  return fc.oneof(
    often,
    { weight: parameter.required ? 1 : 4, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.tuple(pair, pair).map((two) => two.join('&')) },
  );
}

function inHeader(parameter: Parameter, known: Known) {
  const one = valueFor(parameter, known).map((text) => [[parameter.name, fieldOf(text)] as const]);
  return fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: one });
}

const oddQuery = fc.oneof(
  fc.integer({ min: 1, max: 17_000 }).map((length) => `x=${'y'.repeat(length)}`),
  fc.integer({ min: 1, max: 900 }).map((count) => Array.from({ length: count }, (_, i) => `a${i}=`).join('&')),
  fc.string({ unit: 'binary', maxLength: 60 }).map(targetOf),
  fc.constantFrom('split=%ff', '%=%', '&&==&', 'split[]=test', '__proto__=1', 'language=xx', '_rsc=1'),
);

const oddHeader = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      'Accept',
      'Accept-Language',
      'Accept-Encoding',
      'Cookie',
      'Origin',
      'Sec-Fetch-Site',
      'X-Forwarded-For',
      'RSC',
      'Next-Action',
      'Range',
      'If-Match',
      'If-Modified-Since',
      'Expect',
      'TE',
      'X-HTTP-Method-Override',
    ),
    fc
      .oneof(
        fc.string({ maxLength: 60 }),
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('*', '*/*', 'text/csv', '1', 'rostrum-session=x', '10.1.2.3', '10.9.9.9', '2001:db8::7'),
      )
      .map(fieldOf),
  ),
  fc.tuple(
    fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,30}$/).filter((name) => !framing.test(name)),
    fc.string({ maxLength: 200 }).map(fieldOf),
  ),
  fc.integer({ min: 1, max: 20_000 }).map((length) => ['X-Much', 'x'.repeat(length)] as const),
);

/** They say where a request ends: another end would leave ours without one. */
const framing = /^(content-length|transfer-encoding|connection|host|upgrade|keep-alive)$/i;

function credentials({ tokens }: Known) {
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(...tokens).map((token) => [['Authorization', `Bearer ${token}`] as const]),
    },
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.string({ maxLength: 60 }).map((text) => [['Authorization', fieldOf(text)] as const]) },
  );
}

function bodies({ files }: Known) {
  const types = [
    'text/csv',
    'text/plain',
    'application/octet-stream',
    'application/gzip',
    'application/json',
    'multipart/form-data; boundary=x',
  ];
  const encodings = fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('gzip', 'br', 'identity', 'x-gzip', 'zstd')
        .map((name) => [['Content-Encoding', name] as const]),
    },
  );
  const whole = fc.constantFrom(...files);
  const body = fc.oneof(
    { weight: 6, arbitrary: whole },
    {
      weight: 3,
      arbitrary: fc
        .tuple(whole, fc.string({ maxLength: 20 }))
        .map(([file, more]) =>
          Buffer.from(file.toString('utf8').replace(/\n$/, `${more.replaceAll(/[\r\n",]/g, '')}\n`)),
        ),
    },
    { weight: 2, arbitrary: whole.map((file) => gzipSync(file)) },
    { weight: 2, arbitrary: fc.tuple(whole, fc.nat()).map(([file, at]) => gzipSync(file).subarray(0, at % 60)) },
    { weight: 3, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 2,
      arbitrary: fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(`id,text\n${text}`)),
    },
    { weight: 1, arbitrary: fc.constant(bomb) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 * 2 ** 20 }).map((bytes) => Buffer.alloc(bytes, 'a,b\n')) },
  );
  return fc
    .record({ type: fc.option(fc.constantFrom(...types), { freq: 8 }), encoding: encodings, body })
    .map((made) => ({
      headers: [...(made.type === null ? [] : [['Content-Type', made.type] as const]), ...made.encoding],
      body: made.body,
    }));
}

/** Percent-encoded where a request line could not hold it; what is encoded already stays, broken or not. */
function targetOf(text: string): string {
  return [...text].map((sign) => (/[!$'()*+,\-.0-9:;=@A-Z_a-z~%]/.test(sign) ? sign : bytesOf(sign))).join('');
}

function bytesOf(sign: string): string {
  return [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Any bytes but those that end a field; text beyond ASCII goes as UTF-8. */
function fieldOf(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replaceAll(/[\r\n\0]/g, ' ');
}
