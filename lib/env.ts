import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { basePathOf } from '#lib/base-path.ts';
import type { LeakSource } from '#lib/identity/leaked-passwords.ts';
import type { Registration } from '#lib/identity/registration.ts';
import {
  type GitHubSettings,
  gitHubOf,
  type OpenIdSettings,
  openIdOf,
  registrationOf,
} from '#lib/identity/settings.ts';
import type { S3Place } from '#lib/objects/s3-client.ts';
import {
  type backends,
  type Environment,
  type logLevels,
  type Mode,
  modeOf,
  objectStoreNames,
  parseVariables,
  SettingsError,
  servingProblems,
  type Variables,
} from '#lib/settings.ts';

/**
 * The environment, read only as far as a process needs it: `webEnv` for the web, `workerEnv` for the scoring worker,
 * `ownerEnv` for what acts as the installation's owner. Every variable stands in .env.example with its meaning and default.
 */

// Not ours: the AWS SDK would tell every operator which Node its next versions want, and the version that we use is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

type SharedEnv = {
  /** Absolute. */
  home: string;
  /** The bucket that recordings and archives lie in; null: `home`. */
  s3: S3Place | null;
  /** What organisers may import lies under this folder. Absolute. */
  importFolder: string;
  mode: Mode;
  /** Whether the demo belongs to this installation. */
  demo: boolean;
  logLevel: (typeof logLevels)[number];
  /** What is under way when a process is told to stop may take so long. */
  drainSeconds: number;
};

type ServedEnv = SharedEnv & {
  host: string;
  /** 0: a free one is chosen. */
  port: number;
  /** What people type into the browser: scheme, name, port and `basePath`, without a slash at the end. */
  origin: string;
  /** Below which everything is served: `/rostrum`, or nothing. */
  basePath: string;
  tls: { certificateFile: string; keyFile: string } | null;
};

/** To whom `/metrics` is open. The demo serves its own machine alone. */
export type FiguresFor = 'all' | 'nobody' | { token: string };

export type WebEnv = ServedEnv & {
  databaseUrl: string;
  /** Addresses, and networks in CIDR notation. */
  trustedProxies: readonly string[];
  /** Before `drainSeconds` begin, in which `/readyz` alone says that the process stops. */
  drainNoticeSeconds: number;
  figuresFor: FiguresFor;
  /** Whom to tell of a hole, as addresses of any kind. */
  securityContacts: readonly string[];
  /** Whom people ask about what is kept of them, likewise. */
  privacyContacts: readonly string[];
  /** For so many days ended sessions, mails, tokens and invitations are kept. */
  keepDays: number;
  secret: string;
  /** Where new passwords are looked up; null: nowhere. */
  leaks: LeakSource | null;
  smtpUrl: string | null;
  mailFrom: string;
  /** Where mails that reached nobody come back to; null: to the sender. */
  mailBounces: string | null;
  /** Who may make an account. */
  registration: Registration;
  oidc: OpenIdSettings | null;
  github: GitHubSettings | null;
  /** With reload, for people who work on Rostrum itself. */
  development: boolean;
};

export type WorkerEnv = SharedEnv & {
  databaseUrl: string;
  /** What the baseline has to compute with; null: the first that can be used. */
  backend: (typeof backends)[number] | null;
  /** What organisers' sessions are known by at the desk; null: the worker keeps none. */
  secret: string | null;
  /** What people type into the browser. */
  origin: string;
  /** Whether the desk answers for opened competitions alone. */
  opensOnRequest: boolean;
  /** Where other machines reach the desk; null: this machine alone. */
  deskUrl: string | null;
};

export type OwnerEnv = ServedEnv & {
  /** Null: the embedded database of `home`. */
  databaseUrl: string | null;
  /** Null: made by us, with generated passwords. */
  webUrl: string | null;
  scorerUrl: string | null;
  /** Null: the one that is kept in `home`. */
  secret: string | null;
  /** Of the OpenID provider, for who checks the installation. */
  oidcIssuer: string | null;
  backend: WorkerEnv['backend'];
  /** Of the web, to be tried by `admin mail test` and doctor. */
  smtpUrl: string | null;
  mailFrom: string;
  /** Where mails that reached nobody come back to; null: to the sender. */
  mailBounces: string | null;
  /** Of the web: whether its figures can be read. */
  figuresFor: FiguresFor;
};

// One up from lib/, and from dist/ as well; in Next's bundles, where nothing says where a module lies, the folder it runs in.
export const installationFolder = import.meta.dirname ? dirname(import.meta.dirname) : process.cwd();

export const webEnv = once(() => {
  const env = readWebEnv(process.env);
  // next-auth looks for its own address there and nowhere else.
  process.env.NEXTAUTH_URL = `${env.origin}/api/auth`;
  // Next reads .env by itself and leaves alone what is set: the web must not learn the addresses of others.
  process.env.DATABASE_URL = '';
  process.env.DATABASE_URL_SCORER = '';
  return env;
});
export const workerEnv = once(() => readWorkerEnv(process.env));
/** As it stands at each call: one process may run several commands, each for another installation. */
export function ownerEnv(): OwnerEnv {
  return readOwnerEnv(ownerEnvironment());
}

/** As `ownerEnv`, and refuses what web and worker would refuse later. */
export function startEnv(): OwnerEnv {
  return readStartEnv(ownerEnvironment());
}

function ownerEnvironment(): Environment {
  // Only here: web and worker must not find the owner's address in a file.
  const file = join(installationFolder, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}

export function readWebEnv(environment: Environment): WebEnv {
  const v = parseVariables(environment);
  const mode = modeOf(v, 'web');
  const problems = servingProblems(v, mode);
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    ...servedPart(v, mode),
    databaseUrl: required(v, 'DATABASE_URL_WEB'),
    trustedProxies: v.TRUSTED_PROXIES,
    drainNoticeSeconds: v.DRAIN_NOTICE_SECONDS,
    figuresFor: figuresFor(v, mode),
    securityContacts: v.ROSTRUM_SECURITY_CONTACT,
    privacyContacts: v.ROSTRUM_PRIVACY_CONTACT,
    keepDays: v.ROSTRUM_KEEP_DAYS,
    secret: required(v, 'ROSTRUM_SECRET'),
    leaks: v.ROSTRUM_LEAKED_PASSWORDS ?? null,
    smtpUrl: v.SMTP_URL ?? null,
    mailFrom: v.MAIL_FROM,
    mailBounces: v.MAIL_BOUNCES ?? null,
    registration: registrationOf(v),
    oidc: openIdOf(v),
    github: gitHubOf(v),
    development: environment.NODE_ENV === 'development',
  };
}

export function readWorkerEnv(environment: Environment): WorkerEnv {
  const v = parseVariables(environment);
  const mode = modeOf(v, 'worker');
  return {
    ...sharedPart(v, mode),
    databaseUrl: required(v, 'DATABASE_URL_SCORER'),
    backend: v.ROSTRUM_BACKEND ?? null,
    secret: v.ROSTRUM_SECRET ?? null,
    origin: servedPart(v, mode).origin,
    opensOnRequest: v.ROSTRUM_DESK === 'on-request',
    deskUrl: v.ROSTRUM_DESK_URL ?? null,
  };
}

export function readOwnerEnv(environment: Environment): OwnerEnv {
  const v = parseVariables(environment);
  return {
    ...servedPart(v, modeOf(v, 'owner')),
    databaseUrl: v.DATABASE_URL ?? null,
    webUrl: v.DATABASE_URL_WEB ?? null,
    scorerUrl: v.DATABASE_URL_SCORER ?? null,
    secret: v.ROSTRUM_SECRET ?? null,
    oidcIssuer: v.OIDC_ISSUER ?? null,
    backend: v.ROSTRUM_BACKEND ?? null,
    smtpUrl: v.SMTP_URL ?? null,
    mailFrom: v.MAIL_FROM,
    mailBounces: v.MAIL_BOUNCES ?? null,
    figuresFor: figuresFor(v, modeOf(v, 'owner')),
  };
}

/** As `readOwnerEnv`, and refuses what the web would refuse later: nobody should wait for a build to learn it. */
export function readStartEnv(environment: Environment): OwnerEnv {
  const v = parseVariables(environment);
  const problems = servingProblems(v, modeOf(v, 'owner'));
  if (problems.length > 0) throw new SettingsError(problems);
  return readOwnerEnv(environment);
}

function figuresFor({ METRICS_TOKEN: token }: Variables, mode: Mode): FiguresFor {
  if (token !== undefined) return { token };
  return mode === 'demo' ? 'all' : 'nobody';
}

function sharedPart(v: Variables, mode: Mode): SharedEnv {
  // Beside the program where nothing is said, wherever a command is typed. The bundler need not look what lies there.
  const home = resolve(/* turbopackIgnore: true */ v.ROSTRUM_HOME ?? join(installationFolder, '.rostrum'));
  return {
    home,
    s3: objectStorePart(v),
    importFolder: resolve(/* turbopackIgnore: true */ v.ROSTRUM_IMPORT_DIR ?? join(home, 'import')),
    mode,
    demo: v.ROSTRUM_DEMO === '1' || (v.ROSTRUM_DEMO === undefined && mode === 'demo'),
    logLevel: v.LOG_LEVEL,
    drainSeconds: v.DRAIN_SECONDS,
  };
}

function objectStorePart(v: Variables): S3Place | null {
  const {
    ROSTRUM_S3_URL: endpoint,
    ROSTRUM_S3_BUCKET: bucket,
    ROSTRUM_S3_KEY_ID: keyId,
    ROSTRUM_S3_SECRET: secret,
  } = v;
  const missing = objectStoreNames.filter((name) => v[name] === undefined);
  if (missing.length === objectStoreNames.length) return null;
  if (!endpoint || !bucket || !keyId || !secret) {
    throw new SettingsError(missing.map((name) => ({ name, code: 'missing' })));
  }
  return { endpoint, bucket, keyId, secret, region: v.ROSTRUM_S3_REGION, pathStyle: v.ROSTRUM_S3_PATH_STYLE === '1' };
}

function servedPart(v: Variables, mode: Mode): ServedEnv {
  const { ROSTRUM_TLS_CERT: certificateFile, ROSTRUM_TLS_KEY: keyFile } = v;
  const tls = certificateFile && keyFile ? { certificateFile, keyFile } : null;
  const host = v.HOST.includes(':') ? `[${v.HOST}]` : v.HOST;
  const origin = v.ROSTRUM_URL?.replace(/\/$/, '') ?? `${tls === null ? 'http' : 'https'}://${host}:${v.PORT}`;
  return {
    ...sharedPart(v, mode),
    host: v.HOST,
    port: v.PORT,
    origin,
    basePath: basePathOf(origin),
    tls,
  };
}

function required(v: Variables, name: 'DATABASE_URL_WEB' | 'DATABASE_URL_SCORER' | 'ROSTRUM_SECRET'): string {
  const value = v[name];
  if (value === undefined) throw new SettingsError([{ name, code: 'missing' }]);
  return value;
}

function once<Value>(read: () => Value): () => Value {
  let known: { value: Value } | null = null;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
}
