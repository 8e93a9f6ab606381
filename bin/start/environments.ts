import type { OwnerEnv } from '#lib/env.ts';
import type { Environment } from '#lib/settings.ts';
import type { Addresses } from './database.ts';

export type Served = { env: OwnerEnv; secret: string; development: boolean };

// Set to nothing rather than left out: Next would fill them from .env.
const nobodysAddress = {
  DATABASE_URL: '',
  DATABASE_URL_FILE: '',
  DATABASE_URL_WEB: '',
  DATABASE_URL_WEB_FILE: '',
  DATABASE_URL_SCORER: '',
  DATABASE_URL_SCORER_FILE: '',
};
const webOnly = {
  METRICS_TOKEN: '',
  METRICS_TOKEN_FILE: '',
  SMTP_URL: '',
  SMTP_URL_FILE: '',
  OIDC_CLIENT_SECRET: '',
  OIDC_CLIENT_SECRET_FILE: '',
  OIDC_ISSUER: '',
  OIDC_CLIENT_ID: '',
  GITHUB_CLIENT_ID: '',
  GITHUB_CLIENT_SECRET: '',
  GITHUB_CLIENT_SECRET_FILE: '',
};

/** What the web process may know: its own role in the database, and nobody else's. */
export function webEnvironment(base: Environment, served: Served, { webUrl }: Addresses): Environment {
  return {
    ...sharedEnvironment(base, served),
    DATABASE_URL_WEB: webUrl,
    NEXT_TELEMETRY_DISABLED: '1',
    // Each thread would keep memory of its own that it once needed.
    MALLOC_ARENA_MAX: '2',
  };
}

/** What the scoring worker may know. */
export function workerEnvironment(base: Environment, served: Served, { scorerUrl }: Addresses): Environment {
  return { ...sharedEnvironment(base, served), ...webOnly, DATABASE_URL_SCORER: scorerUrl };
}

function sharedEnvironment(base: Environment, { env, secret, development }: Served): Environment {
  return {
    ...base,
    ...nobodysAddress,
    NODE_ENV: development ? 'development' : 'production',
    HOST: env.host,
    PORT: String(env.port),
    ROSTRUM_URL: env.origin,
    ROSTRUM_HOME: env.home,
    ROSTRUM_MODE: env.mode,
    ROSTRUM_DEMO: env.demo ? '1' : '0',
    ROSTRUM_SECRET: secret,
    // Under one command everything is gone within five seconds, and nobody stands before it who would have to be told.
    DRAIN_SECONDS: '2',
    DRAIN_NOTICE_SECONDS: '0',
  };
}
