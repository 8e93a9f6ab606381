import { existsSync, readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { type DomainPattern, parseDomainPattern } from '#lib/identity/email-domains.ts';
import { parseRequiredClaim } from '#lib/identity/required-claim.ts';
import { defaultKeepDays, mostKeepDays } from '#lib/retention.ts';

/** The variables that .env.example explains: their shapes, and the rules between them. */

export type Environment = Readonly<Record<string, string | undefined>>;
export type Mode = 'demo' | 'production';
export type SettingsProblemCode =
  | 'missing'
  | 'not-a-port'
  | 'not-an-origin'
  | 'not-a-site'
  | 'not-postgres'
  | 'not-smtp'
  | 'not-a-mailbox'
  | 'not-https'
  | 'not-a-network'
  | 'not-a-contact'
  | 'not-seconds'
  | 'no-file'
  | 'not-leaks'
  | 'not-a-choice'
  | 'not-a-domain'
  | 'not-a-claim'
  | 'not-a-scope'
  | 'not-with-invited'
  | 'not-a-store'
  | 'not-a-bucket'
  | 'too-short'
  | 'too-simple';
export type SettingsProblem = { name: string; code: SettingsProblemCode };

/** Every problem of the environment at once. */
export class SettingsError extends Error {
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map(({ name, code }) => `${name}: ${code}`).join('; '));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Who may make an account. */
const registrations = ['open', 'invited'] as const;
/** When an outside service's word on an address counts: where it calls it verified, always, never. */
export const emailTrusts = ['verified', 'all', 'none'] as const;
/** When the desk of labels answers organisers: always, or for what `rostrum admin desk open` has opened. */
const deskOpenings = ['always', 'on-request'] as const;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const backends = ['tfjs-node-gpu', 'webgpu', 'tfjs-node', 'wasm'] as const;

const shortestSecret = 32;
// A random one of 32 hexadecimal digits has fewer than 8 different ones about once in 100 000 times.
const fewestDifferentCharacters = 8;

const text = z.string();
const postgresUrl = text.refine((url) => /^postgres(ql)?:\/\/./.test(url) && URL.canParse(url), 'not-postgres');
const seconds = (otherwise: string) =>
  text
    .default(otherwise)
    .refine((given) => /^\d{1,3}$/.test(given), 'not-seconds')
    .transform(Number);
const existingFile = text.refine((path) => existsSync(path), 'no-file');
const choice = <Name extends string>(names: readonly Name[]) => z.enum(names, { error: () => 'not-a-choice' });

const contacts = text.default('').transform(splitList).transform(asAddresses).refine(areContacts, 'not-a-contact');

const variables = z.object({
  HOST: text.default('127.0.0.1'),
  PORT: text
    .default('3000')
    .refine((port) => /^\d{1,5}$/.test(port) && Number(port) < 65_536, 'not-a-port')
    .transform(Number),
  ROSTRUM_URL: text.refine(isSite, 'not-a-site').optional(),
  ROSTRUM_HOME: text.optional(),
  ROSTRUM_IMPORT_DIR: text.optional(),
  ROSTRUM_DEMO: choice(['0', '1']).optional(),
  ROSTRUM_SECRET: text.optional(),
  ROSTRUM_REGISTRATION: choice(registrations).default('open'),
  ROSTRUM_EMAIL_DOMAINS: text.default('').transform(splitList).transform(domainPatterns),
  ROSTRUM_LEAKED_PASSWORDS: text
    .refine((place) => isSafeIssuer(place) || existsSync(place), 'not-leaks')
    .transform((place) => (isSafeIssuer(place) ? { url: place } : { file: place }))
    .optional(),
  ROSTRUM_SECURITY_CONTACT: contacts,
  ROSTRUM_PRIVACY_CONTACT: contacts,
  ROSTRUM_KEEP_DAYS: text
    .default(String(defaultKeepDays))
    .refine((days) => /^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= mostKeepDays, 'not-days')
    .transform(Number),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_URL_WEB: postgresUrl.optional(),
  DATABASE_URL_SCORER: postgresUrl.optional(),
  ROSTRUM_S3_URL: text
    .refine((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? '') && isOrigin(url), 'not-a-store')
    .optional(),
  ROSTRUM_S3_BUCKET: text.refine((name) => /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(name), 'not-a-bucket').optional(),
  ROSTRUM_S3_KEY_ID: text.optional(),
  ROSTRUM_S3_SECRET: text.optional(),
  ROSTRUM_S3_REGION: text.default('us-east-1'),
  ROSTRUM_S3_PATH_STYLE: choice(['0', '1']).default('1'),
  ROSTRUM_TLS_CERT: existingFile.optional(),
  ROSTRUM_TLS_KEY: existingFile.optional(),
  TRUSTED_PROXIES: text.default('').transform(splitList).refine(areNetworks, 'not-a-network'),
  SMTP_URL: text.refine((url) => /^smtps?:\/\/./.test(url) && URL.canParse(url), 'not-smtp').optional(),
  MAIL_FROM: text.default('Rostrum <rostrum@localhost>'),
  MAIL_BOUNCES: text.refine((address) => parseEmailAddress(address) !== null, 'not-a-mailbox').optional(),
  OIDC_ISSUER: text.refine(isSafeIssuer, 'not-https').optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  OIDC_NAME: text.default('OpenID'),
  OIDC_SCOPE: text
    .default('openid email profile')
    .refine((scope) => /^openid( [\x21-\x7e]+)*$/.test(scope), 'not-a-scope'),
  OIDC_TRUST_EMAIL: choice(emailTrusts).default('verified'),
  OIDC_REQUIRED_CLAIM: text
    .refine((claim) => parseRequiredClaim(claim) !== null, 'not-a-claim')
    .transform(parseRequiredClaim)
    .optional(),
  GITHUB_CLIENT_ID: text.optional(),
  GITHUB_CLIENT_SECRET: text.optional(),
  GITHUB_URL: text
    .refine(isSafeIssuer, 'not-https')
    .refine((url) => !URL.canParse(url) || isOrigin(url), 'not-an-origin')
    .default('https://github.com'),
  GITHUB_NAME: text.default('GitHub'),
  GITHUB_TRUST_EMAIL: choice(['verified', 'none']).default('verified'),
  ROSTRUM_BACKEND: choice(backends).optional(),
  ROSTRUM_DESK: choice(deskOpenings).default('always'),
  ROSTRUM_DESK_URL: text.refine((url) => url.startsWith('http:') && isOrigin(url), 'not-an-origin').optional(),
  LOG_LEVEL: choice(logLevels).default('info'),
  METRICS_TOKEN: text.refine((token) => token.length >= shortestSecret, 'too-short').optional(),
  DRAIN_SECONDS: seconds('2'),
  DRAIN_NOTICE_SECONDS: seconds('0'),
  ROSTRUM_MODE: choice(['demo', 'production']).optional(),
});
export type Variables = z.infer<typeof variables>;

/** All of them, or none. */
export const objectStoreNames = [
  'ROSTRUM_S3_URL',
  'ROSTRUM_S3_BUCKET',
  'ROSTRUM_S3_KEY_ID',
  'ROSTRUM_S3_SECRET',
] as const satisfies (keyof Variables)[];

/** Variables that can be in a file of their own, which a second variable names: `ROSTRUM_SECRET_FILE`. */
export const secretNames = [
  'ROSTRUM_SECRET',
  'DATABASE_URL',
  'DATABASE_URL_WEB',
  'DATABASE_URL_SCORER',
  'ROSTRUM_S3_SECRET',
  'SMTP_URL',
  'OIDC_CLIENT_SECRET',
  'GITHUB_CLIENT_SECRET',
  'METRICS_TOKEN',
] as const satisfies (keyof Variables)[];

/** The names of all variables, in the order of .env.example. */
export const variableNames: readonly string[] = Object.keys(variables.shape);

/** A variable that is set to nothing counts as not set; one that is set wins over its file. Throws SettingsError. */
export function parseVariables(environment: Environment): Variables {
  const given = Object.entries(withSecretFiles(environment)).filter(
    ([, value]) => value !== undefined && value.trim() !== '',
  );
  const outcome = variables.safeParse(Object.fromEntries(given));
  if (outcome.success) return outcome.data;
  throw new SettingsError(
    outcome.error.issues.map((issue) => ({
      name: String(issue.path[0]),
      code: issue.message as SettingsProblemCode,
    })),
  );
}

function withSecretFiles(environment: Environment): Environment {
  const read: Record<string, string> = {};
  const problems: SettingsProblem[] = [];
  for (const name of secretNames) {
    const path = environment[`${name}_FILE`]?.trim() ?? '';
    if (path === '' || (environment[name]?.trim() ?? '') !== '') continue;
    try {
      read[name] = readFileSync(path, 'utf8').trim();
    } catch {
      problems.push({ name: `${name}_FILE`, code: 'no-file' });
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...environment, ...read };
}

/** The owner knows of DATABASE_URL; web and worker do not get it, and are told by ROSTRUM_MODE. */
export function modeOf(v: Variables, reader: 'owner' | 'web' | 'worker'): Mode {
  const local = v.HOST === '127.0.0.1' && v.DATABASE_URL === undefined;
  return local && (reader === 'owner' || v.ROSTRUM_MODE === 'demo') ? 'demo' : 'production';
}

/** What must not be served to others as it is. */
export function servingProblems(v: Variables, mode: Mode): SettingsProblem[] {
  const missing = (names: readonly (keyof Variables)[]) =>
    names.filter((name) => v[name] === undefined).map((name) => ({ name, code: 'missing' as const }));
  const together = (names: readonly (keyof Variables)[]) =>
    names.every((name) => v[name] === undefined) ? [] : missing(names);
  return [
    ...together(['ROSTRUM_TLS_CERT', 'ROSTRUM_TLS_KEY']),
    ...together(objectStoreNames),
    ...together(['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']),
    ...together(['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET']),
    ...(v.ROSTRUM_REGISTRATION === 'invited' && v.ROSTRUM_EMAIL_DOMAINS.length > 0
      ? [{ name: 'ROSTRUM_EMAIL_DOMAINS', code: 'not-with-invited' as const }]
      : []),
    ...(mode === 'production' ? missing(['ROSTRUM_URL']) : []),
    ...(mode === 'production' && v.ROSTRUM_SECRET !== undefined ? secretProblems(v.ROSTRUM_SECRET) : []),
  ];
}

function secretProblems(secret: string): SettingsProblem[] {
  if (secret.length < shortestSecret) return [{ name: 'ROSTRUM_SECRET', code: 'too-short' }];
  if (new Set(secret).size < fewestDifferentCharacters) return [{ name: 'ROSTRUM_SECRET', code: 'too-simple' }];
  return [];
}

/** `security@example.org` is the address of a mail, as RFC 9116 writes it. */
function asAddresses(contacts: string[]): string[] {
  return contacts.map((contact) => (/^[^\s:/]+@[^\s:/]+$/.test(contact) ? `mailto:${contact}` : contact));
}

function areContacts(contacts: string[]): boolean {
  return contacts.every((contact) => /^(mailto:[^\s@]+@[^\s@]+|https:\/\/[^\s]+|tel:\+[\d-]+)$/.test(contact));
}

/** An origin, or one with a path below which everything is served: plain segments, so that no proxy writes it in another way. */
function isSite(url: string): boolean {
  const [, path = ''] = /^https?:\/\/[^/]+(\/.*)?$/.exec(url) ?? [];
  return isOrigin(url.slice(0, url.length - path.length)) && /^(\/[a-z\d_~-][a-z\d._~-]*)*\/?$/i.test(path);
}

function isOrigin(url: string): boolean {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return false;
  const { pathname, search, hash, username } = new URL(url);
  return pathname === '/' && search === '' && hash === '' && username === '';
}

/** An identity provider on another machine is asked over TLS: who listens in could sign in as anybody. */
function isSafeIssuer(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}

function splitList(list: string): string[] {
  return list.split(/[\s,]+/).filter((item) => item !== '');
}

function domainPatterns(list: readonly string[], context: z.core.$RefinementCtx): DomainPattern[] {
  const patterns = list.map(parseDomainPattern);
  if (patterns.includes(null)) context.addIssue({ code: 'custom', message: 'not-a-domain' });
  return patterns.filter((pattern) => pattern !== null);
}

function areNetworks(networks: readonly string[]): boolean {
  return networks.every((network) => {
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    if (version === 0) return false;
    try {
      if (prefix !== undefined) new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6');
      return prefix === undefined || /^\d+$/.test(prefix);
    } catch {
      return false;
    }
  });
}
