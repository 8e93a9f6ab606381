import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/*
 * A server that speaks what GitHub Enterprise Server speaks to an OAuth app: its login page lets in whoever `receive` names. As at
 * GitHub, a refused code is answered with 200 and an `error`.
 */

export type GitHubPerson = {
  id: number;
  login: string;
  name: string | null;
  emails: readonly { email: string; primary: boolean; verified: boolean }[];
};

export type TestGitHub = {
  /** For the environment of the web. */
  settings: { GITHUB_URL: string; GITHUB_CLIENT_ID: string; GITHUB_CLIENT_SECRET: string };
  /** Who comes to the login from now on; null: they press *Cancel* there. */
  receive(person: GitHubPerson | null): void;
  close(): Promise<void>;
};

type Grant = { person: GitHubPerson; challenge: string | null };

const clientId = 'rostrum-at-github';
const clientSecret = 'another secret for tests only';

export async function startTestGitHub(origin: string): Promise<TestGitHub> {
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, GitHubPerson>();
  let present: GitHubPerson | null = null;

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const back = query.get('redirect_uri');
    if (query.get('client_id') !== clientId || back !== `${origin}/api/auth/callback/github`) {
      response.writeHead(404).end();
      return;
    }
    const answer = new URL(back);
    answer.searchParams.set('state', query.get('state') ?? '');
    if (present === null) {
      answer.searchParams.set('error', 'access_denied');
    } else {
      const code = randomBytes(10).toString('hex');
      codes.set(code, { person: present, challenge: query.get('code_challenge') });
      answer.searchParams.set('code', code);
    }
    response.writeHead(302, { Location: String(answer) }).end();
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret.replaceAll(' ', '+')}`).toString('base64')}`;
    const grant = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (request.headers.authorization !== basic || grant === undefined || grant.challenge !== challenge) {
      answerJson(response, { error: 'bad_verification_code' });
      return;
    }
    const token = `gho_${randomBytes(18).toString('hex')}`;
    tokens.set(token, grant.person);
    answerJson(response, { access_token: token, scope: 'read:user,user:email', token_type: 'bearer' });
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://github.invalid');
    if (pathname === '/login/oauth/authorize') return authorize(searchParams, response);
    if (pathname === '/login/oauth/access_token') return void exchange(request, response);
    const person = tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
    if (person === undefined) return void response.writeHead(401).end();
    const { emails, ...account } = person;
    if (pathname === '/api/v3/user') return answerJson(response, { ...account, email: null, type: 'User' });
    if (pathname === '/api/v3/user/emails') {
      return answerJson(
        response,
        emails.map((one) => ({ ...one, visibility: null })),
      );
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    settings: {
      GITHUB_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_CLIENT_ID: clientId,
      GITHUB_CLIENT_SECRET: clientSecret,
    },
    receive: (person) => {
      present = person;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
