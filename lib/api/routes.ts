import { z } from 'zod';
import * as answers from '#lib/api/answers.ts';
import type { LimitName } from '#lib/api/limits.ts';
import { codesOfServer, type ProblemCode, problemCodes } from '#lib/api/problem-codes.ts';
import { dataQuery, eventsQuery, idempotencyKey, leaderboardQuery, uploadQuery } from '#lib/api/queries.ts';

/*
 * The one declaration of /api/v1. The OpenAPI document, the reference page, the limits, the answer to a method that a path does not
 * have, the checks of every answer in the tests and the fuzzer are all made of it. Texts stand in the messages `api.route-…`.
 */

export const apiRoot = '/api/v1';

/** `anyone`: a token is not looked at. `public`: more for who shows one with the scope `read`. `read`, `submit`: only with that scope. */
export type Access = 'anyone' | 'public' | 'read' | 'submit';

export type Tag = 'competitions' | 'data' | 'submissions' | 'document';

/** A body of a media type: JSON of a schema, or text and bytes that are described in words. */
export type Content = { type: string; schema: z.ZodType | 'text' | 'bytes' };

export type Answer = { status: number; content: readonly Content[]; headers: readonly string[] };

export type Route = {
  method: 'GET' | 'POST';
  /** After `apiRoot`. */
  path: string;
  tag: Tag;
  access: Access;
  limit: LimitName | null;
  /** Of the path. */
  parameters: Record<string, z.ZodType>;
  query: z.ZodObject | null;
  requestHeaders: Record<string, z.ZodType>;
  /** Media types that are taken. */
  body: readonly string[] | null;
  answers: readonly Answer[];
  /** Problems of its own; `codesOf` adds those of all. */
  codes: readonly ProblemCode[];
};

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const split = z.enum(['train', 'dev', 'test']);
const dataFiles = [
  'sample_submission.csv',
  ...['train', 'dev', 'test'].flatMap((name) => [`${name}.csv`, `${name}.zip`]),
];
const etags = z.string().regex(/^(\*|(W\/)?"[!#-~]*"(\s*,\s*(W\/)?"[!#-~]*")*)$/);
const conditional = { 'If-None-Match': etags };
const resumable = { ...conditional, Range: z.string(), 'If-Range': z.string() };
const digest = z.string().regex(/^sha-(256=:[\w+/]{43}=:|512=:[\w+/]{86}==:)$/);

const mediaTypes = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  zip: 'application/zip',
  bytes: 'application/octet-stream',
  events: 'text/event-stream; charset=utf-8',
  problem: 'application/problem+json; charset=utf-8',
} as const;

const fileTypes = ['text/csv', 'text/tab-separated-values', 'text/plain', 'application/jsonl', mediaTypes.bytes];
const downloadHeaders = ['ETag', 'Accept-Ranges', 'Content-Disposition', 'Repr-Digest'];

export const routes = {
  listCompetitions: get('/competitions', 'competitions', 'anyone', {
    answers: kept(json(answers.competitionList)),
  }),
  getCompetition: get('/competitions/{slug}', 'competitions', 'public', {
    parameters: { slug },
    answers: kept(json(answers.competitionFacts)),
  }),
  getLeaderboard: get('/competitions/{slug}/leaderboard', 'competitions', 'public', {
    parameters: { slug },
    query: leaderboardQuery,
    answers: kept(json(answers.leaderboard), { type: mediaTypes.csv, schema: 'text' }),
    codes: ['invalid-parameter'],
  }),
  followEvents: get('/competitions/{slug}/events', 'competitions', 'anyone', {
    parameters: { slug },
    query: eventsQuery,
    requestHeaders: { 'Last-Event-ID': z.string() },
    limit: null,
    answers: [{ status: 200, content: [{ type: mediaTypes.events, schema: 'text' }], headers: [] }],
    codes: ['too-many-streams'],
  }),
  getMapping: get('/competitions/{slug}/mapping.csv', 'competitions', 'public', {
    parameters: { slug },
    answers: kept({ type: mediaTypes.csv, schema: 'text' }),
  }),
  getOwnState: get('/competitions/{slug}/me', 'competitions', 'public', {
    parameters: { slug },
    requestHeaders: {},
    answers: [{ status: 200, content: [json(answers.ownState)], headers: [] }],
  }),
  getAccount: get('/me', 'competitions', 'read', {
    requestHeaders: {},
    answers: [{ status: 200, content: [json(answers.account)], headers: [] }],
  }),
  listData: get('/competitions/{slug}/data', 'data', 'read', {
    parameters: { slug },
    query: dataQuery,
    answers: kept(json(answers.dataListing)),
    codes: ['rules', 'phase', 'invalid-parameter'],
  }),
  getDataFile: get('/competitions/{slug}/data/{file}', 'data', 'read', {
    parameters: { slug, file: z.enum(dataFiles) },
    requestHeaders: resumable,
    limit: 'download',
    answers: [
      ...kept({ type: mediaTypes.csv, schema: 'text' }, { type: mediaTypes.zip, schema: 'bytes' }),
      {
        status: 206,
        content: [{ type: mediaTypes.zip, schema: 'bytes' }],
        headers: [...downloadHeaders, 'Content-Range'],
      },
    ],
    codes: ['rules', 'phase', 'range-unsatisfiable'],
  }),
  getRecording: get('/competitions/{slug}/data/files/{split}/{name}', 'data', 'read', {
    parameters: { slug, split, name: z.string().min(1) },
    requestHeaders: resumable,
    limit: 'download',
    answers: [
      ...kept({ type: 'audio/*', schema: 'bytes' }),
      { status: 206, content: [{ type: 'audio/*', schema: 'bytes' }], headers: [...downloadHeaders, 'Content-Range'] },
    ],
    codes: ['rules', 'phase', 'range-unsatisfiable'],
  }),
  submit: {
    method: 'POST',
    path: '/competitions/{slug}/submissions',
    tag: 'submissions',
    access: 'submit',
    limit: 'submit',
    parameters: { slug },
    query: uploadQuery,
    requestHeaders: {
      'Idempotency-Key': idempotencyKey.unwrap(),
      'Content-Encoding': z.enum(['gzip', 'identity']),
      'Content-Digest': digest,
    },
    body: fileTypes,
    answers: [
      { status: 201, content: [json(answers.receipt)], headers: ['Location'] },
      { status: 200, content: [json(answers.receipt)], headers: ['Location'] },
    ],
    codes: [
      'cross-origin',
      'invalid-parameter',
      'rules',
      'team',
      'phase',
      'split-empty',
      'body-incomplete',
      'body-timeout',
      'digest-invalid',
      'digest-mismatch',
      'idempotency-mismatch',
      'too-large',
      'unsupported-media-type',
      'unsupported-encoding',
      'invalid-file',
      'quota',
    ],
  },
  listSubmissions: get('/competitions/{slug}/submissions', 'submissions', 'read', {
    parameters: { slug },
    answers: kept(json(answers.submissionList)),
    codes: ['team'],
  }),
  getSubmission: get('/submissions/{id}', 'submissions', 'read', {
    parameters: { id: z.uuid() },
    answers: kept(json(answers.submission)),
  }),
  getSubmissionFile: get('/submissions/{id}/file', 'submissions', 'read', {
    parameters: { id: z.uuid() },
    limit: 'download',
    answers: kept({ type: mediaTypes.bytes, schema: 'bytes' }),
  }),
  getDocument: get('/openapi.json', 'document', 'anyone', {
    answers: kept(json(z.record(z.string(), z.unknown()))),
  }),
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
export const routeNames = Object.keys(routes) as RouteName[];

/** Every problem that the route may answer with: its own, those of its access and limit, and those that may come at any time. */
export function codesOf(route: Route): ProblemCode[] {
  const ofAccess: ProblemCode[] = route.access === 'anyone' ? [] : ['unauthenticated', 'scope', 'too-many-attempts'];
  const codes: ProblemCode[] = [
    ...codesOfServer,
    ...(Object.keys(route.parameters).length > 0 ? (['not-found'] as const) : []),
    ...ofAccess,
    ...(route.limit === null ? [] : (['rate-limited'] as const)),
    ...route.codes,
    'internal',
    'unavailable',
    'disk-full',
  ];
  return [...new Set(codes)].sort((a, b) => problemCodes[a].status - problemCodes[b].status || (a < b ? -1 : 1));
}

/** The routes under a path after `apiRoot`. Segments of dots or of nothing are no values: whoever reads paths takes them away. */
export function routesAt(path: string): RouteName[] {
  if (/\/\/|\\|\/(\.|%2e){1,2}(\/|$)/i.test(path)) return [];
  return routeNames.filter((name) => patterns[name].test(path));
}

/** The methods that may be used on a path after `apiRoot`; none where nothing stands there. A stream has no size to ask for. */
export function methodsAt(path: string): string[] {
  const methods = routesAt(path).flatMap((name) => {
    const { method } = routes[name];
    return method === 'GET' && name !== 'followEvents' ? [method, 'HEAD'] : [method];
  });
  return methods.length === 0 ? [] : [...new Set(methods), 'OPTIONS'];
}

/** As Next reads paths: a value is one segment, but for the name of a recording, which may have slashes. */
const patterns = Object.fromEntries(
  routeNames.map((name) => {
    const literal = routes[name].path.replaceAll('.', '\\.');
    return [name, new RegExp(`^${literal.replaceAll('{name}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`)];
  }),
) as Record<RouteName, RegExp>;

type Given = Partial<Omit<Route, 'method' | 'path' | 'tag' | 'access' | 'answers'>> & Pick<Route, 'answers'>;

function get(path: string, tag: Tag, access: Access, given: Given): Route {
  const defaults = { limit: 'read', parameters: {}, query: null, body: null, codes: [] } as const;
  return { method: 'GET', path, tag, access, requestHeaders: conditional, ...defaults, ...given };
}

function json(schema: z.ZodType): Content {
  return { type: mediaTypes.json, schema };
}

/** What the caller may keep, and ask again whether it still holds. */
function kept(...content: readonly Content[]): Answer[] {
  return [
    { status: 200, content, headers: ['ETag'] },
    { status: 304, content: [], headers: ['ETag'] },
  ];
}
