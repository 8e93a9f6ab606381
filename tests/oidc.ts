import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Context } from 'oidc-provider';

export type Person = { subject: string; name?: string; email?: string; isEmailVerified?: boolean };

export type TestProvider = {
  /** For the environment of the web. */
  settings: { OIDC_ISSUER: string; OIDC_CLIENT_ID: string; OIDC_CLIENT_SECRET: string; OIDC_NAME: string };
  /** Who comes to the provider's login from now on; it asks them nothing and lets them in. */
  receive(person: Person): void;
  close(): Promise<void>;
};

const clientId = 'rostrum';
const clientSecret = 'a secret for tests only';

/** A real OpenID provider on a free port, for the web at `origin`. Everybody has consented to everything. */
export async function startTestProvider(origin: string): Promise<TestProvider> {
  const people = new Map<string, Person>();
  let present: Person = { subject: 'nobody' };
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configuration(origin, people));
  const callback = provider.callback();
  answer = (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response);
    provider
      .interactionFinished(request, response, { login: { accountId: present.subject } })
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  };
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
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function configuration(origin: string, people: Map<string, Person>): Record<string, unknown> {
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
    cookies: { keys: ['keys for tests only'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
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
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}

function claimsOf({ subject, name, email, isEmailVerified }: Person): Record<string, unknown> {
  return { sub: subject, name, email, email_verified: isEmailVerified };
}
