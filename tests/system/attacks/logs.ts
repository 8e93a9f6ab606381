import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findHead, installationChain } from '#lib/db/log-chain.ts';
import { metricsToken } from '../../stack.ts';
import { eventually } from '../../workers.ts';
import { type Attacked, askAs } from './attacked.ts';

/** Sent where programs and people put secrets, by mistake as well. */
const sent = {
  token: 'rst_0123456789sweepsweepsweep',
  cookie: 'sweep-cookie-0123456789',
  link: 'sweep-link-0123456789abcdef',
  query: 'sweep-query-0123456789abcdef',
  body: 'sweep-body-0123456789abcdef',
  password: 'sweep верный конь',
};

export function testLogs(attacked: () => Attacked): void {
  const logs = () => ['server.log', 'worker.log'].map((name) => join(attacked().stack.home, name));
  const found = (secrets: Readonly<Record<string, string>>) => {
    const texts = logs().map((path) => readFileSync(path, 'utf8'));
    return Object.entries(secrets)
      .filter(([, secret]) => texts.some((text) => text.includes(secret) || text.includes(encodeURIComponent(secret))))
      .map(([name]) => name);
  };

  test('hold nothing secret of a whole run, nor of requests that fail', async () => {
    const { stack, headersOf, places, secretsOfMember } = attacked();
    const json = { 'Content-Type': 'application/json', Origin: stack.origin };
    const asks: [string, RequestInit][] = [
      ['/api/v1/me', { headers: { Authorization: `Bearer ${sent.token}` } }],
      ['/account', { headers: { Cookie: `rostrum-session=${sent.cookie}` } }],
      ...['join', 'stage', 'jury', 'unsubscribe'].map((page): [string, RequestInit] => [`/${page}/${sent.link}`, {}]),
      ['/metrics', { headers: { Authorization: `Bearer ${metricsToken}` } }],
      [`/healthz?token=${sent.query}`, { headers: { 'X-Request-Id': sent.link } }],
      [`/confirm?token=${sent.query}`, {}],
      [`/c/open/board?at=${sent.query}%00`, {}],
      [`/api/v1/competitions/${sent.query}%00`, {}],
      [`/%E0%A4%A?token=${sent.query}`, {}],
      [`/sign-in?next=/join/${sent.link}`, {}],
      ['/sign-in', { method: 'POST', headers: json, body: JSON.stringify({ password: sent.password }) }],
      ['/organise/open/desk/labels/edit', { method: 'POST', headers: json, body: `{"reference":"${sent.body}"` }],
      ['/preferences', { method: 'POST', headers: json, body: sent.body }],
    ];
    for (const caller of ['nobody', 'organiser']) {
      for (const [path, init] of asks) await (await askAs(attacked(), caller, path, init)).arrayBuffer();
    }
    const database = [stack.urls.ownerUrl, stack.urls.webUrl, stack.urls.scorerUrl].map((url) => new URL(url).password);
    const cookies = Object.fromEntries(
      Object.entries(headersOf).map(([caller, headers]) => [caller, Object.values(headers)[0]?.split(/[= ]/)[1] ?? '']),
    );
    const secrets = {
      ...sent,
      ...secretsOfMember,
      // What everybody here is called.
      name: 'Анна',
      sessions: stack.secret,
      database: decodeURIComponent(database[0]!),
      invite: places.invite!,
      figures: metricsToken,
      ...Object.fromEntries(Object.entries(cookies).filter(([, value]) => value !== '')),
    };
    expect(Object.keys(secrets).length).toBeGreaterThan(15);
    expect(found(secrets)).toEqual([]);
    // The control: one that stands there is seen.
    appendFileSync(logs()[1]!, `{"level":10,"msg":"${sent.token}"}\n`);
    expect(found(secrets)).toEqual(['token']);
  });

  test('are their owner’s alone, and tell the heads of the chains to whoever collects them', async () => {
    expect(logs().map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    const isTold = async () => {
      const head = await findHead(attacked().owner, installationChain);
      const told = readFileSync(logs()[1]!, 'utf8');
      return head !== null && told.includes(`"sha256":"${head.hash}","msg":"head of the log"`);
    };
    expect(await eventually(60, isTold)).toBe(true);
  });
}
