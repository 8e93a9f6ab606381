import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '#lib/api/openapi.ts';
import { codesOfServer, problemCodes } from '#lib/api/problem-codes.ts';
import { apiRoot, methodsAt, routes, routesAt } from '#lib/api/routes.ts';

/*
 * Every answer of the API against the document that describes it. What the document does not name (a status, a field, a media type,
 * a code) fails, as does a header that it promises and that is missing.
 */

export type ApiAnswer = { status: number; headers: Headers; body: Uint8Array };
type Header = { required: boolean; schema: { pattern: string } };
type Declared = { headers?: Record<string, Header | Reference>; content?: Record<string, { schema?: object }> };
type Reference = { $ref: string };

const document = JSON.parse(JSON.stringify(openApiDocument({ origin: '', closed: true })));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'api');

/** Throws an error that says all that is wrong. */
export function checkAnswer(method: string, url: string, answer: ApiAnswer): void {
  const wrong = problemsOf(method, url, answer);
  if (wrong.length === 0) return;
  const body = Buffer.from(answer.body).toString('utf8').slice(0, 400);
  throw new Error(
    `${method} ${url} answers ${answer.status} as the document does not say: ${wrong.join('; ')}\n${body}`,
  );
}

/** `fetch` of something under /api/v1, its answer checked. A stream of events is left to who reads it. */
export async function checkedFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const body = isStream ? new Uint8Array() : new Uint8Array(await response.clone().arrayBuffer());
  checkAnswer(init.method ?? 'GET', url, { status: response.status, headers: response.headers, body });
  return response;
}

function problemsOf(method: string, url: string, answer: ApiAnswer): string[] {
  const place = placeOf(method, url, answer);
  if (place === null) return [`the status ${answer.status} is not declared`];
  if (answer.status === 204) return [];
  const { pointer, declared } = resolved(place);
  const isHead = method === 'HEAD';
  return [...headerProblems(declared, answer.headers), ...bodyProblems(pointer, declared, answer, isHead)];
}

/** Where the document tells of this answer; null where it does not. */
function placeOf(method: string, url: string, { status }: ApiAnswer): string[] | null {
  const path = /^\w+:\/\/[^/]+([^?#]*)/.exec(url)![1]!;
  const asked = path.replace(/(?<=.)\/$/, '').slice(apiRoot.length);
  const allowed = methodsAt(asked);
  if (allowed.length === 0) return outside(status, { 404: '404-not-found' });
  if (method === 'OPTIONS') return status === 204 ? [] : outside(status, {});
  if (!allowed.includes(method)) return outside(status, { 405: '405-method-not-allowed' });
  const meant = method === 'HEAD' ? 'GET' : method;
  const name = routesAt(asked).find((known) => routes[known].method === meant)!;
  const place = ['paths', routes[name].path, meant.toLowerCase(), 'responses', String(status)];
  return at(place) === undefined ? null : place;
}

/** Of a path or method that no route has: the problem for that, or what every route says of a request that cannot be read. */
function outside(status: number, known: Record<number, string>): string[] | null {
  const name = known[status];
  if (name !== undefined) return ['components', 'responses', name];
  const isServers = codesOfServer.some((code) => problemCodes[code].status === status);
  return isServers ? ['paths', routes.listCompetitions.path, 'get', 'responses', String(status)] : null;
}

function resolved(place: readonly string[]): { pointer: string[]; declared: Declared } {
  const found = at(place) as Declared | Reference;
  if (!('$ref' in found)) return { pointer: [...place], declared: found };
  const pointer = found.$ref.slice(2).split('/');
  return { pointer, declared: at(pointer) as Declared };
}

function headerProblems({ headers = {} }: Declared, sent: Headers): string[] {
  return Object.entries(headers).flatMap(([name, header]) => {
    const { required, schema } = '$ref' in header ? (at(header.$ref.slice(2).split('/')) as Header) : header;
    const value = sent.get(name);
    if (value === null) return required ? [`the header ${name} is missing`] : [];
    return new RegExp(schema.pattern, 'u').test(value) ? [] : [`the header ${name} is "${value}"`];
  });
}

function bodyProblems(pointer: readonly string[], declared: Declared, answer: ApiAnswer, isHead: boolean): string[] {
  const { content } = declared;
  if (content === undefined) return answer.body.length === 0 ? [] : ['there is a body where none is declared'];
  const type = (answer.headers.get('content-type') ?? '').split(';')[0]!;
  const range = Object.keys(content).find((known) => known === type || known === `${type.split('/')[0]}/*`);
  if (range === undefined) return [`the media type "${type}" is not declared`];
  if (isHead || !/json$/.test(type)) return isHead && answer.body.length > 0 ? ['HEAD has a body'] : [];
  return jsonProblems([...pointer, 'content', range, 'schema'], Buffer.from(answer.body).toString('utf8'));
}

function jsonProblems(pointer: readonly string[], text: string): string[] {
  const $ref = `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function at(place: readonly string[]): unknown {
  let value: unknown = document;
  for (const part of place) value = (value as Record<string, unknown> | undefined)?.[part];
  return value;
}
