import type { JsonSchema } from '#lib/api/json-schema.ts';
import { openApiDocument } from '#lib/api/openapi.ts';
import { type ProblemCode, problemCodes } from '#lib/api/problem-codes.ts';
import { apiRoot, codesOf, type Route, type RouteName, routeNames, routes } from '#lib/api/routes.ts';
import { apiTexts } from '#lib/api/texts.ts';
import type { Language } from '#lib/messages/language.ts';

/*
 * The OpenAPI document as the reference page reads it: calls, bodies and codes as rows, in the reader's language.
 */

/** A type in words, and the body that it names, if any. */
export type TypeName = { text: string; schema: string | null };
export type ParameterRow = { name: string; place: string; type: TypeName; required: boolean; meaning: string };
export type AnswerRow = { status: number; types: string[]; schema: string | null; meaning: string };
export type CallView = {
  name: RouteName;
  route: Route;
  summary: string;
  text: string | null;
  parameters: ParameterRow[];
  answers: AnswerRow[];
  /** Its own; what any call may answer is left out. */
  codes: ProblemCode[];
  curl: string;
};
export type FieldRow = { name: string; type: TypeName; optional: boolean; meaning: string };
export type SchemaView = { name: string; meaning: string; fields: FieldRow[] };
export type CodeRow = { code: ProblemCode; status: number; values: string[]; meaning: string };

export type Reference = { calls: CallView[]; schemas: SchemaView[]; codes: CodeRow[]; common: ProblemCode[] };

type Parameter = { name: string; in: string; required: boolean; description: string; schema: JsonSchema };
type Response = { description: string; content?: Record<string, { schema?: JsonSchema }> };
type Operation = { parameters: (Parameter | { $ref: string })[]; responses: Record<string, Response> };

export function apiReference(origin: string, language: Language): Reference {
  const document = openApiDocument({ origin, language });
  const texts = apiTexts(language);
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const common = codesOf({ ...routes.listCompetitions, limit: null });
  const calls = routeNames.map((name): CallView => {
    const route: Route = routes[name];
    const operation = paths[route.path]![route.method.toLowerCase()]!;
    return {
      name,
      route,
      summary: texts(`route-${name}`),
      text: texts.find(`route-${name}-text`),
      parameters: operation.parameters.flatMap((parameter) =>
        '$ref' in parameter ? [] : [rowOf(parameter, language)],
      ),
      answers: route.answers.map(({ status }) => answerOf(status, operation.responses[status]!)),
      codes: codesOf(route).filter((code) => !common.includes(code)),
      curl: curlOf(origin, route),
    };
  });
  const schemas = Object.entries(document.components.schemas as Record<string, JsonSchema>)
    .filter(([name]) => !name.startsWith('problem.'))
    .map(([name, schema]) => ({
      name,
      meaning: String(schema.description ?? ''),
      fields: fieldsOf(schema, language),
    }));
  const codes = (Object.keys(problemCodes) as ProblemCode[]).map((code) => ({
    code,
    status: problemCodes[code].status,
    values: Object.keys(problemCodes[code].values),
    meaning: texts(`code-${code}`),
  }));
  return { calls, schemas, codes, common };
}

function rowOf({ name, in: place, required, description, schema }: Parameter, language: Language): ParameterRow {
  return { name, place, required, meaning: description, type: typeOf(schema, language) };
}

function answerOf(status: number, { description, content = {} }: Response): AnswerRow {
  const reference = Object.values(content)
    .map(({ schema }) => schema?.$ref)
    .find((found) => typeof found === 'string');
  return {
    status,
    types: Object.keys(content),
    schema: reference === undefined ? null : String(reference).split('/').at(-1)!,
    meaning: description,
  };
}

/** Every field, those of inner objects by their path. */
function fieldsOf(schema: JsonSchema, language: Language, prefix = ''): FieldRow[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([key, inner]) => {
    const name = `${prefix}${key}`;
    const row = {
      name,
      type: typeOf(inner, language),
      optional: !required.includes(key),
      meaning: String(inner.description ?? ''),
    };
    const object = objectIn(inner);
    return [row, ...(object === null ? [] : fieldsOf(object.schema, language, `${name}${object.mark}.`))];
  });
}

/** The anonymous object that a field is, may be, or lists. */
function objectIn(schema: JsonSchema): { schema: JsonSchema; mark: string } | null {
  if (schema.properties !== undefined) return { schema, mark: '' };
  const variants = (schema.anyOf ?? []) as JsonSchema[];
  const items = schema.items as JsonSchema | undefined;
  for (const variant of variants) {
    const found = objectIn(variant);
    if (found !== null) return found;
  }
  const inner = typeof items === 'object' ? objectIn(items) : null;
  return inner && { schema: inner.schema, mark: '[]' };
}

function typeOf(schema: JsonSchema, language: Language): TypeName {
  const texts = apiTexts(language);
  const plain = (text: string): TypeName => ({ text, schema: null });
  if (typeof schema.$ref === 'string')
    return { text: schema.$ref.split('/').at(-1)!, schema: schema.$ref.split('/').at(-1)! };
  if (Array.isArray(schema.anyOf)) return joined(schema.anyOf.map((one: JsonSchema) => typeOf(one, language)));
  if (Array.isArray(schema.type)) {
    return joined(schema.type.map((type: string) => typeOf({ ...schema, type }, language)));
  }
  if (Array.isArray(schema.enum)) return plain(schema.enum.map((value) => JSON.stringify(value)).join(' | '));
  if (schema.const !== undefined) return plain(JSON.stringify(schema.const));
  if (Array.isArray(schema.prefixItems)) return plain(texts('type-pair'));
  if (schema.type === 'array') {
    const of = typeOf(schema.items as JsonSchema, language);
    return { text: texts('type-list', { of: of.text }), schema: of.schema };
  }
  return plain(texts(`type-${nameOf(schema)}`));
}

function nameOf({ type, format }: JsonSchema): string {
  if (format === 'date-time') return 'instant';
  if (format === 'uri') return 'address';
  if (format === 'uuid') return 'id';
  return type === 'string' ? 'text' : String(type);
}

function joined(types: readonly TypeName[]): TypeName {
  return {
    text: types.map(({ text }) => text).join(' | '),
    schema: types.find(({ schema }) => schema !== null)?.schema ?? null,
  };
}

const examples: Record<string, string> = {
  slug: 'SLUG',
  id: 'ID',
  file: 'train.zip',
  split: 'dev',
  name: 'NAME',
};

/** The call in a shell, with the token from a variable. */
function curlOf(origin: string, route: Route): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => examples[name] ?? name);
  const address = `${origin}${apiRoot}${path}${route.body === null ? '' : '?split=test'}`;
  const isFile = route.requestHeaders.Range !== undefined;
  const flags = [
    ...(path.endsWith('/events') ? ['--no-buffer'] : []),
    ...(isFile ? ['--continue-at -', '--remote-name'] : []),
    ...(route.access === 'anyone' || route.access === 'public' ? [] : ['-H "Authorization: Bearer $ROSTRUM_TOKEN"']),
    ...(route.body === null
      ? []
      : ['-H "Idempotency-Key: $(uuidgen)"', '-H "Content-Type: text/csv"', '--data-binary @predictions.csv']),
  ];
  return ['curl', ...flags, `"${address}"`].join(flags.length > 1 ? ' \\\n  ' : ' ');
}
