import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOwnerEnv, readStartEnv, readWebEnv, readWorkerEnv } from '#lib/env.ts';
import { type Environment, SettingsError, variableNames } from '#lib/settings.ts';

const root = join(import.meta.dirname, '../..');
const goodSecret = 'q7TtFfWzR0mYx2Lk9PbVn4HsJd8GaEcU';
const web = { DATABASE_URL_WEB: 'postgres://rostrum_web:x@127.0.0.1:5432/rostrum', ROSTRUM_SECRET: goodSecret };
const production = { HOST: '0.0.0.0', ROSTRUM_URL: 'https://rostrum.example.org' };

function problemsOf(read: () => unknown): string {
  try {
    read();
    return '';
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

test('.env.example lists exactly the variables that are read', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  expect([...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1])).toEqual(variableNames);
});

test('.env.example sets nothing by itself, and each variable states its default', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  const withoutDefault = example
    .split(/^#(?=[A-Z][A-Z0-9_]*=)/m)
    .slice(0, -1)
    .filter(
      (comment, index) => !comment.includes('Default:') && !/TLS_KEY|(OIDC|GITHUB)_CLIENT/.test(variableNames[index]!),
    );
  expect(withoutDefault).toEqual([]);
});

describe('demo and production', () => {
  test('with nothing set it is a demo for this machine, beside the program', () => {
    expect(readStartEnv({})).toMatchObject({
      mode: 'demo',
      demo: true,
      host: '127.0.0.1',
      port: 3000,
      origin: 'http://127.0.0.1:3000',
      home: join(root, '.rostrum'),
      databaseUrl: null,
    });
  });

  test.each([[{ HOST: '0.0.0.0' }], [{ HOST: 'localhost' }], [{ DATABASE_URL: 'postgres://o:p@db/rostrum' }]])(
    '%o means production: the public address is required and nothing is seeded',
    (environment) => {
      expect(problemsOf(() => readStartEnv(environment))).toBe('ROSTRUM_URL: missing');
      const env = readStartEnv({ ...environment, ROSTRUM_URL: 'https://rostrum.example.org/' });
      expect(env).toMatchObject({ mode: 'production', demo: false, origin: 'https://rostrum.example.org' });
    },
  );

  test('a web process is in production unless npm start says otherwise, and on another host whatever it says', () => {
    expect(problemsOf(() => readWebEnv(web))).toBe('ROSTRUM_URL: missing');
    expect(readWebEnv({ ...web, ROSTRUM_MODE: 'demo' }).mode).toBe('demo');
    expect(readWebEnv({ ...web, ...production, ROSTRUM_MODE: 'demo' }).mode).toBe('production');
  });

  test.each([
    ['change-me', 'ROSTRUM_SECRET: too-short'],
    ['a'.repeat(64), 'ROSTRUM_SECRET: too-simple'],
    [goodSecret, ''],
  ])('in production the secret %s gives: %s', (secret, problem) => {
    expect(problemsOf(() => readStartEnv({ ...production, ROSTRUM_SECRET: secret }))).toBe(problem);
  });

  test('the demo can be wanted in production, and unwanted here', () => {
    expect(readStartEnv({ ...production, ROSTRUM_DEMO: '1' })).toMatchObject({ mode: 'production', demo: true });
    expect(readStartEnv({ ROSTRUM_DEMO: '0' })).toMatchObject({ mode: 'demo', demo: false });
  });
});

test('a variable that is set to nothing counts as not set', () => {
  expect(readOwnerEnv({ PORT: '', DATABASE_URL: ' ', SMTP_URL: '' })).toMatchObject({ port: 3000, databaseUrl: null });
});

test('every problem is named at once', () => {
  const environment = { PORT: 'eighty', DATABASE_URL: 'mysql://db', TRUSTED_PROXIES: '10.0.0.0/99', LOG_LEVEL: 'loud' };
  expect(problemsOf(() => readOwnerEnv(environment))).toBe(
    'PORT: not-a-port; DATABASE_URL: not-postgres; TRUSTED_PROXIES: not-a-network; LOG_LEVEL: not-a-choice',
  );
});

test('what belongs together is given together', () => {
  const environment = { ROSTRUM_TLS_CERT: join(root, 'package.json'), OIDC_ISSUER: 'https://id.example.org' };
  expect(problemsOf(() => readStartEnv(environment))).toBe(
    'ROSTRUM_TLS_KEY: missing; OIDC_CLIENT_ID: missing; OIDC_CLIENT_SECRET: missing',
  );
});

test('who may register and who vouches for addresses is read whole, or not at all', () => {
  const read = (environment: Environment) => readWebEnv({ ...web, ROSTRUM_MODE: 'demo', ...environment });
  expect(read({})).toMatchObject({ registration: { who: 'everybody' }, oidc: null, github: null });
  expect(read({ ROSTRUM_REGISTRATION: 'invited' }).registration).toEqual({ who: 'invited' });
  expect(read({ ROSTRUM_EMAIL_DOMAINS: '*.Uni.example' }).registration).toEqual({
    who: 'domains',
    domains: [{ domain: 'uni.example', isBelow: true }],
  });
  const github = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' };
  expect(read(github).github).toEqual({
    name: 'GitHub',
    url: 'https://github.com',
    trustsEmail: 'verified',
    clientId: 'id',
    clientSecret: 'secret',
  });
  expect(problemsOf(() => read({ GITHUB_CLIENT_ID: 'id' }))).toBe('GITHUB_CLIENT_SECRET: missing');
  expect(problemsOf(() => read({ ROSTRUM_REGISTRATION: 'invited', ROSTRUM_EMAIL_DOMAINS: 'uni.example' }))).toBe(
    'ROSTRUM_EMAIL_DOMAINS: not-with-invited',
  );
});

test.each([
  ['ROSTRUM_URL', 'https://rostrum.example.org/course?x', 'not-a-site'],
  ['ROSTRUM_URL', 'https://rostrum.example.org//course', 'not-a-site'],
  ['ROSTRUM_URL', 'https://rostrum.example.org/course/../x', 'not-a-site'],
  ['ROSTRUM_URL', 'rostrum.example.org', 'not-a-site'],
  ['OIDC_ISSUER', 'http://id.example.org', 'not-https'],
  ['OIDC_ISSUER', 'http://127.0.0.1:4000', ''],
  ['OIDC_SCOPE', 'email profile', 'not-a-scope'],
  ['OIDC_SCOPE', 'openid email groups', ''],
  ['OIDC_TRUST_EMAIL', 'yes', 'not-a-choice'],
  ['OIDC_REQUIRED_CLAIM', 'groups', 'not-a-claim'],
  ['OIDC_REQUIRED_CLAIM', 'groups=students', ''],
  ['GITHUB_URL', 'http://git.example.org', 'not-https'],
  ['GITHUB_URL', 'https://git.example.org/login', 'not-an-origin'],
  ['GITHUB_TRUST_EMAIL', 'all', 'not-a-choice'],
  ['ROSTRUM_REGISTRATION', 'closed', 'not-a-choice'],
  ['ROSTRUM_EMAIL_DOMAINS', 'uni.example, *.uni.example', ''],
  ['ROSTRUM_EMAIL_DOMAINS', 'uni.example, uni', 'not-a-domain'],
  ['TRUSTED_PROXIES', '10.0.0.0/8, ::1,192.0.2.7', ''],
  ['TRUSTED_PROXIES', 'proxy', 'not-a-network'],
  ['ROSTRUM_SECURITY_CONTACT', 'security@example.org, https://example.org/security', ''],
  ['ROSTRUM_SECURITY_CONTACT', 'ask anybody', 'not-a-contact'],
  ['DRAIN_SECONDS', '1.5', 'not-seconds'],
  ['METRICS_TOKEN', 'short', 'too-short'],
  ['ROSTRUM_PRIVACY_CONTACT', 'privacy@example.org', ''],
  ['ROSTRUM_PRIVACY_CONTACT', 'the dean', 'not-a-contact'],
  ['ROSTRUM_KEEP_DAYS', '90', ''],
  ['ROSTRUM_KEEP_DAYS', '0', 'not-days'],
  ['ROSTRUM_KEEP_DAYS', '366', 'not-days'],
  ['SMTP_URL', 'mail.example.org:25', 'not-smtp'],
  ['ROSTRUM_TLS_KEY', '/nowhere/key.pem', 'no-file'],
])('%s=%s gives: %s', (name, value, code) => {
  expect(problemsOf(() => readOwnerEnv({ [name]: value }))).toBe(code === '' ? '' : `${name}: ${code}`);
});

test('each process must be given the address of its own role', () => {
  expect(problemsOf(() => readWorkerEnv({}))).toBe('DATABASE_URL_SCORER: missing');
  expect(problemsOf(() => readWebEnv({ ROSTRUM_MODE: 'demo', ROSTRUM_SECRET: goodSecret }))).toBe(
    'DATABASE_URL_WEB: missing',
  );
});
