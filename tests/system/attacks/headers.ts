import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Attacked, askAs } from './attacked.ts';

const root = join(import.meta.dirname, '../../..');

/** What an answer lacks, or says too much of. */
function lackingIn(headers: Headers): string[] {
  const policy = headers.get('content-security-policy') ?? '';
  const wanted: [string, boolean][] = [
    ['nosniff', headers.get('x-content-type-options') === 'nosniff'],
    ['no frames', headers.get('x-frame-options') === 'DENY' && policy.includes("frame-ancestors 'none'")],
    ['referrer', /^(same-origin|no-referrer)$/.test(headers.get('referrer-policy') ?? '')],
    ['opener', headers.get('cross-origin-opener-policy') === 'same-origin'],
    ['permissions', headers.get('permissions-policy')?.includes('camera=()') === true],
    ['policy', policy.includes("default-src '") && !/'unsafe-(inline|eval)'|\*|http:/.test(policy)],
    ['no name of ours', !headers.has('x-powered-by') && !headers.has('server')],
    ['a type', headers.has('content-type') || !headers.has('content-length') || headers.get('content-length') === '0'],
  ];
  return wanted.filter(([, isThere]) => !isThere).map(([name]) => name);
}

type Kind = { path: string; caller?: string; init?: RequestInit; status: number };

function kinds({ places }: Attacked): Record<string, Kind> {
  const chunk = readdirSync(join(root, '.next/static/chunks')).find((name) => name.endsWith('.js'));
  const api = '/api/v1/competitions/open';
  return {
    'a page': { path: '/account', caller: 'member', status: 200 },
    'a page for everybody': { path: '/c/open/board', status: 200 },
    'the hall': { path: '/live/open', status: 200 },
    'a page that is not there': { path: '/nothing', status: 404 },
    'a page that is hidden': { path: '/organise/open', caller: 'rival', status: 404 },
    'a way elsewhere': { path: '/account', status: 307 },
    'an address that cannot be read': { path: '/%E0%A4%A', status: 400 },
    'a forged request': { path: '/preferences', caller: 'member', init: { method: 'POST' }, status: 403 },
    'data of the router': {
      path: '/account',
      caller: 'member',
      init: { headers: { RSC: '1' }, redirect: 'follow' },
      status: 200,
    },
    'an answer of the API': { path: `${api}`, status: 200 },
    'a refusal of the API': { path: '/api/v1/me', status: 401 },
    'an address that the API does not have': { path: '/api/v1/nothing', status: 404 },
    'a method that it does not have': { path: '/api/v1/me', init: { method: 'DELETE' }, status: 405 },
    'a table': { path: `${api}/leaderboard?format=csv`, status: 200 },
    'a download': { path: `${api}/data/test.csv`, caller: 'member', status: 200 },
    'a file of a team': { path: `/api/v1/submissions/${places.submission}/file`, caller: 'member', status: 200 },
    slides: { path: `/c/open/defence/${places.team}/slides`, caller: 'member', status: 200 },
    'labels at the desk': { path: '/organise/open/desk/labels', caller: 'organiser', status: 200 },
    events: { path: `${api}/events`, status: 200 },
    'a script of the build': { path: `/_next/static/chunks/${chunk}`, status: 200 },
    'a script of ours': { path: '/live.js', status: 200 },
    'a picture': { path: '/icon.svg', status: 200 },
    'the toolkit': { path: '/toolkit/rostrum.py', status: 200 },
    health: { path: '/healthz', status: 200 },
    figures: { path: '/metrics', status: 401 },
    'whom to tell': { path: '/.well-known/security.txt', status: 200 },
  };
}

export function testHeaders(attacked: () => Attacked): void {
  test('stand on every kind of answer', async () => {
    const lacking: Record<string, unknown> = {};
    for (const [kind, { path, caller = 'nobody', init = {}, status }] of Object.entries(kinds(attacked()))) {
      const response = await askAs(attacked(), caller, path, init);
      await response.body?.cancel();
      const missing = lackingIn(response.headers);
      if (missing.length > 0 || response.status !== status) lacking[kind] = [response.status, ...missing];
    }
    expect(lacking).toEqual({});
  });

  test('(control) are missed where they are not', () => {
    const bare = new Headers({
      'Content-Security-Policy': "default-src 'self'; script-src 'unsafe-inline'",
      Server: 'x',
    });
    expect(lackingIn(bare)).toEqual([
      'nosniff',
      'no frames',
      'referrer',
      'opener',
      'permissions',
      'policy',
      'no name of ours',
    ]);
  });
}
