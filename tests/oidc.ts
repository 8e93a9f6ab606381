import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Context } from 'oidc-provider';

export type Person = {
  subject: string;
  name?: string;
  email?: string;
  isEmailVerified?: boolean;
  groups?: readonly string[];
};

type Claims = Record<string, unknown>;
/** What is changed of the provider's answers on their way; `idToken` gets the claims and how to sign others. */
export type Tampering = {
  idToken?: (claims: Claims, signed: (claims: Claims) => string) => string;
  userInfo?: (claims: Claims) => Claims;
};

export type TestProvider = {
  /** For the environment of the web. */
  settings: { OIDC_ISSUER: string; OIDC_CLIENT_ID: string; OIDC_CLIENT_SECRET: string; OIDC_NAME: string };
  /** Who comes to the provider's login from now on; it asks them nothing and lets them in. */
  receive(person: Person): void;
  /** From now on; nothing is changed by `{}`. */
  tamper(tampering: Tampering): void;
  /** Signs by a new key from now on, and knows no other. */
  rotateKeys(): void;
  /** Whether it answers nobody. */
  setDown(isDown: boolean): void;
  close(): Promise<void>;
};

const clientId = 'rostrum';
const clientSecret = 'a secret for tests only';

/** A real OpenID provider on a free port, for the web at `origin`. Everybody has consented to everything. */
export async function startTestProvider(origin: string): Promise<TestProvider> {
  const people = new Map<string, Person>();
  let present: Person = { subject: 'nobody' };
  let tampering: Tampering = {};
  let isDown = false;
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    if (isDown) request.socket.destroy();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const start = () => {
    const key = aKey();
    const provider = new Provider(issuer, configuration(origin, people, key));
    const callback = provider.callback();
    answer = (request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      if (path === '/token') changeAnswer(response, (body) => withIdToken(body, key, tampering));
      if (path === '/me') changeAnswer(response, (body) => tampering.userInfo?.(body) ?? body);
      if (!path.startsWith('/interaction/')) return callback(request, response);
      provider
        .interactionFinished(request, response, { login: { accountId: present.subject } })
        .catch((error: unknown) => response.writeHead(500).end(String(error)));
    };
  };
  start();
  return {
    settings: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_NAME: 'Университет',
    },
    receive: (person) => {
      people.set(person.subject, person);
      present = person;
    },
    tamper: (given) => {
      tampering = given;
    },
    rotateKeys: start,
    setDown: (given) => {
      isDown = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Key = { id: string; privateKey: KeyObject };

function aKey(): Key {
  return { id: randomUUID(), privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
}

/** A token as the provider signs it, or with `alg: none` and no signature. */
export function signedToken(claims: Claims, key: Key | null): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const head = key === null ? { alg: 'none', typ: 'JWT' } : { alg: 'RS256', typ: 'JWT', kid: key.id };
  const signedPart = `${encode(head)}.${encode(claims)}`;
  const signature = key === null ? '' : sign('sha256', Buffer.from(signedPart), key.privateKey).toString('base64url');
  return `${signedPart}.${signature}`;
}

/** By a key that the provider does not know, under an id that it does. */
export function forgedToken(claims: Claims, genuine: string): string {
  const { kid } = JSON.parse(Buffer.from(genuine.split('.')[0] ?? '', 'base64url').toString());
  return signedToken(claims, { ...aKey(), id: kid });
}

function withIdToken(body: Claims, key: Key, { idToken }: Tampering): Claims {
  if (idToken === undefined || typeof body.id_token !== 'string') return body;
  const claims: Claims = JSON.parse(Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString());
  return { ...body, id_token: idToken(claims, (changed) => signedToken(changed, key)) };
}

/** Of an answer in JSON, before it is sent. */
function changeAnswer(response: ServerResponse, change: (body: Claims) => Claims): void {
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  response.end = ((body: string | Buffer) => {
    const changed = JSON.stringify(change(JSON.parse(String(body))));
    response.setHeader('Content-Length', Buffer.byteLength(changed));
    return end(changed);
  }) as typeof response.end;
}

function configuration(origin: string, people: Map<string, Person>, key: Key): Record<string, unknown> {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${origin}/api/auth/callback/oidc`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [{ ...key.privateKey.export({ format: 'jwk' }), kid: key.id, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['keys for tests only'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: Context, subject: string) => ({
      accountId: subject,
      claims: () => claimsOf(people.get(subject) ?? { subject }),
    }),
    loadExistingGrant: async ({ oidc }: Context) => {
      const grant = new oidc.provider.Grant({
        accountId: oidc.session.accountId,
        clientId: oidc.client.clientId,
      });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  };
}

function claimsOf({ subject, name, email, isEmailVerified, groups }: Person): Claims {
  return { sub: subject, name, email, email_verified: isEmailVerified, groups };
}
