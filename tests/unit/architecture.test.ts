import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * Who may import whom. Three floors: bin → app, scoring → lib; every arrow points down. `may` are prefixes of our own files
 * (a folder ends in /) and names of packages; a rule holds for the files that match `of` and not `except`.
 */
type Rule = { of: RegExp; except?: RegExp; may?: string[]; never?: string[]; why: string };

const rules: Rule[] = [
  { of: /^lib\/counts\.ts$/, may: [], why: 'the one currency between all parts depends on nothing' },
  { of: /^lib\/ladder\.ts$/, may: [], why: 'the same answers from the same counts, replayed anywhere' },
  {
    of: /^scoring\/wer\//,
    may: ['scoring/wer/', 'lib/counts.ts'],
    why: 'same text in, same counts out, in Node and in the browser',
  },
  {
    of: /^scoring\/statistics\//,
    may: ['scoring/statistics/', 'scoring/columns.ts', 'scoring/wer/', 'lib/counts.ts'],
    why: 'the same figures from the same counts, in Node and in the browser',
  },
  {
    of: /^scoring\/labels\//,
    may: ['scoring/labels/', 'scoring/wer/', 'lib/counts.ts'],
    why: 'the same suspects from the same texts',
  },
  {
    of: /^scoring\/baseline\/(features|fft|resample)\.ts$/,
    may: ['scoring/baseline/'],
    why: 'the microphone page hears what the trainer hears',
  },
  {
    of: /^scoring\/baseline\/(alignment|decode|kneser-ney|language-model|ngram|prefix|ranking|text-score|vocabulary|words)/,
    may: ['scoring/baseline/'],
    why: 'beam search runs in the browser',
  },
  { of: /^lib\//, never: ['app/', 'scoring/', 'bin/'], why: 'the shared library knows nothing of its users' },
  { of: /^scoring\//, never: ['app/', 'bin/'], why: 'a slow or crashed scorer cannot touch a page' },
  {
    of: /^app\//,
    never: ['bin/', '@tensorflow/'],
    why: 'pages neither start processes nor load models',
  },
  {
    of: /^app\//,
    never: ['scoring/worker.ts', 'scoring/jobs/', 'scoring/kernel/', 'scoring/runtime.ts'],
    why: 'jobs and what they compute with are the worker’s; pages use what runs in a browser, too',
  },
  {
    of: /^(app|scoring|lib)\//,
    except: /^lib\/db\//,
    never: ['drizzle-orm', 'pg', 'lib/db/schema.ts', 'lib/db/schema/'],
    why: 'SQL and table objects live in lib/db',
  },
  {
    of: /^(lib|scoring)\//,
    except: /^lib\/auth(\.ts|\/)/,
    never: ['next', 'next-auth'],
    why: 'only lib/auth and app know the web framework',
  },
  {
    of: /^(app|lib|scoring|bin)\//,
    except: /^scoring\/results\.ts$/,
    never: ['lib/db/private-results.ts'],
    why: 'private results are computed in one place, which knows when',
  },
  {
    of: /^(app|lib|scoring|bin)\//,
    except: /^lib\/queue\.ts$/,
    never: ['pg-boss'],
    why: 'one file knows the job queue',
  },
];

/** Client components: only pure modules, actions and other components; never the database, Node or secrets. */
const clientNever = [
  'lib/db/',
  'lib/auth',
  'lib/env.ts',
  'lib/queue.ts',
  'lib/mail',
  'lib/objects.ts',
  'lib/objects/',
  'lib/log.ts',
  'node:',
  'pg',
  'pino',
];

/** process.env is read in one place; the launchers hand it on, and the build of pages writes the base path in. */
const readsEnvironment = /^(lib\/(env|base-path)\.ts|bin\/.*\.mjs|next\.config\.js)$/;

type Import = { target: string; typeOnly: boolean };

function importsOf(path: string, source: string): Import[] {
  const found = source.matchAll(
    /(?:^|\n)\s*(import|export)(\s+type)?\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  );
  return [...found].map((match) => ({
    target: resolve(path, match[3] ?? match[4]!),
    typeOnly: match[2] !== undefined,
  }));
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('#ui/')) return `app/_ui/${specifier.slice(4)}`;
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? normalize(join(from, '..', specifier)) : specifier;
}

function matches(target: string, names: readonly string[]): boolean {
  return names.some(
    (name) => target === name || target.startsWith(name.endsWith('/') || name.endsWith(':') ? name : `${name}/`),
  );
}

function violations(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, source]) => {
    const imports = importsOf(path, source);
    const broken = rules
      .filter((rule) => rule.of.test(path) && !rule.except?.test(path))
      .flatMap((rule) =>
        imports
          .filter(({ target, typeOnly }) => {
            if (rule.may !== undefined) return !matches(target, rule.may);
            // A type leaves no trace in the program: pure modules may name a row's type.
            return !(typeOnly && target === 'lib/db/schema.ts') && matches(target, rule.never ?? []);
          })
          .map(({ target }) => `${path} imports ${target}: ${rule.why}`),
      );
    const client = /^\s*['"]use client['"]/.test(source)
      ? imports
          .filter((i) => !i.typeOnly && matches(i.target, clientNever))
          .map((i) => `${path} is a client component and imports ${i.target}`)
      : [];
    const environment =
      /\bprocess\.env\b/.test(source) && /^(app|lib|scoring|bin)\//.test(path) && !readsEnvironment.test(path)
        ? [`${path} reads process.env: lib/env.ts parses it once`]
        : [];
    return [...broken, ...client, ...environment];
  });
}

function readSources(): Map<string, string> {
  const root = join(import.meta.dirname, '../..');
  const paths = ['app', 'bin', 'lib', 'scoring'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(tsx?|mjs)$/.test(path))
      .map((path) => join(folder, path)),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

const sources = readSources();

describe('the direction of imports', () => {
  test('every arrow points down', () => {
    expect(violations(sources)).toEqual([]);
  });

  test.each([
    ['lib/board.ts', "import { align } from '#scoring/wer/align.ts';"],
    ['scoring/wer/score.ts', "import { readFileSync } from 'node:fs';"],
    ['app/page.tsx', "import { sql } from 'drizzle-orm';"],
    ['app/page.tsx', 'const secret = process.env.ROSTRUM_SECRET;'],
    ['app/form.tsx', "'use client';\nimport { listTeams } from '#lib/db/teams.ts';"],
    ['lib/db/boards.ts', "import PgBoss from 'pg-boss';"],
    ['lib/db/boards.ts', "import { listFinalTeams } from '#lib/db/private-results.ts';"],
    ['lib/db/boards.ts', "const next = await import('next/headers');"],
  ])('%s is caught doing: %s', (path, source) => {
    expect(violations(new Map([[path, source]]))).toHaveLength(1);
  });
});

/** Each ring of files of which every one needs the next to be there when it is loaded, once; types leave no trace in the program. */
function rings(files: ReadonlyMap<string, string>): string[] {
  const ofEach = new Map(
    [...files].map(([path, source]) => [
      path,
      importsOf(path, source).flatMap(({ target, typeOnly }) => (!typeOnly && files.has(target) ? [target] : [])),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const follow = (path: string, way: readonly string[]): void => {
    const begin = way.indexOf(path);
    if (begin !== -1) found.push([...way.slice(begin), path].join(' → '));
    if (done.has(path) || begin !== -1) return;
    for (const target of ofEach.get(path) ?? []) follow(target, [...way, path]);
    done.add(path);
  };
  for (const path of ofEach.keys()) follow(path, []);
  return found;
}

test('no two files need each other', () => {
  expect(rings(sources)).toEqual([]);
  // The control.
  const [first, second] = ["import { b } from '#lib/b.ts';", "import { c } from './c.ts';"];
  const third = (type: string) => `import ${type}{ A } from './a.ts';`;
  const ring = (type: string) =>
    new Map(Object.entries({ 'lib/a.ts': first, 'lib/b.ts': second, 'lib/c.ts': third(type) }));
  expect(rings(ring(''))).toEqual(['lib/a.ts → lib/b.ts → lib/c.ts → lib/a.ts']);
  expect(rings(ring('type '))).toEqual([]);
});

/** A script of a page asks for a path of the host: `fetch('/api…')`, an event stream, an upload. Markup has the base path by itself. */
const askedAtTheHost = /\b(fetch|EventSource|open)\((['"]\w+['"],\s*)?(['"`])\//;

test('scripts of pages ask below the base path', () => {
  const asking = [...sources].filter(([path, text]) => path.startsWith('app/') && askedAtTheHost.test(text));
  expect(asking.map(([path]) => path)).toEqual([]);
  // The control.
  for (const line of ["fetch('/healthz')", 'new EventSource(`/api/v1`)', "request.open('PUT', `/c/x`)"]) {
    expect(line).toMatch(askedAtTheHost);
  }
});

/**
 * Everything that asks another machine or this one, but the database, and where its address comes from: of a server's own, the operator
 * alone names it. A new one is looked at, since a visitor who chose the address would have the server ask for them.
 */
const asking: Readonly<Record<string, string>> = {
  'app/_ui/post.ts': 'a page of ours',
  'app/_ui/use-file-check.ts': 'a page of ours',
  'app/_ui/use-refresh.ts': 'a page of ours',
  'app/organise/[slug]/labels/ask.ts': 'a page of ours',
  'app/organise/[slug]/baseline/file-form.tsx': 'a page of ours',
  'app/organise/[slug]/data/send-archive.ts': 'a page of ours',
  'app/c/[slug]/board/own-state.ts': 'a page of ours',
  'app/c/[slug]/submissions/watch.tsx': 'a page of ours',
  'app/live/[slug]/microphone/use-studio.ts': 'a page of ours',
  'scoring/baseline/browser-model.ts': 'a page of ours',
  'scoring/lab/open-score.ts': 'a page of ours',
  'lib/quick-start.ts': 'the program of a team, which it shows',
  'bin/client/exchange.ts': 'the program of a team',
  'bin/server/inside.ts': 'this very process, which listens at no port for it',
  'bin/start/readiness.ts': 'HOST and PORT',
  'app/api/auth/[...nextauth]/github.ts': 'GITHUB_URL',
  'lib/identity/discovery.ts': 'OIDC_ISSUER',
  'lib/identity/leaked-passwords.ts': 'ROSTRUM_LEAKED_PASSWORDS',
  'lib/mail.ts': 'SMTP_URL',
  'lib/mail/transport.ts': 'SMTP_URL',
  'lib/mail/try-mail.ts': 'SMTP_URL',
  'lib/objects/s3-client.ts': 'ROSTRUM_S3_URL',
  'lib/desk.ts': 'the heartbeat of a worker, whose role alone may write it',
};
const asks = new RegExp(
  [
    /\b(fetch|sendMail|createTransport|S3Client|https?\.(get|request))\(/,
    /import \{[^}]*\b(request|get|connect|createConnection|createSocket)\b[^}]*\} from 'node:(https?|net|tls|dgram)'/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

function askersIn(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) => (asks.test(text) ? [path] : []));
}

test('the server asks no address that a visitor chose: who asks at all stands in a table', () => {
  expect(askersIn(sources).sort()).toEqual(Object.keys(asking).sort());
  // The control.
  const bad = ["await fetch(form.get('webhook'))", 'https.get(url, show)', "import { request } from 'node:http';"];
  for (const text of bad) expect(askersIn(new Map([['lib/webhook.ts', text]])), text).toEqual(['lib/webhook.ts']);
});
