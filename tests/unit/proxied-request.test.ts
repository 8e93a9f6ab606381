import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withoutBase } from '#lib/base-path.ts';
import { readPair, takeOver } from '../../bin/server/certificate.ts';
import { setSecurityHeaders } from '../../bin/server/policy.ts';
import { identify, receive, trustIn } from '../../bin/server/request.ts';
import { dropUnreadableState } from '../../bin/server/router-state.ts';
import { unreadableStates } from '../router-states.ts';

const site = { origin: 'https://uni.example/rostrum', basePath: '/rostrum', isProduction: true, isDevelopment: false };

function clientOf(from: string, forwardedFor: string | undefined, proxies: readonly string[]): string {
  const headers = { host: 'other.example', ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }) };
  const request = { url: '/', headers, socket: { remoteAddress: from } } as unknown as IncomingMessage;
  return receive(request, site, trustIn(proxies));
}

describe('the client of a request', () => {
  test.each([
    ['is who connected where no proxy is trusted', '192.0.2.1', '203.0.113.9', [], '192.0.2.1'],
    ['is whom a trusted proxy names', '127.0.0.1', '203.0.113.9', ['127.0.0.1'], '203.0.113.9'],
    [
      'is the rightmost that no trusted proxy is',
      '10.0.0.1',
      '1.2.3.4, 203.0.113.9, 10.0.0.2',
      ['10.0.0.0/8'],
      '203.0.113.9',
    ],
    ['is no claim of an untrusted one', '203.0.113.9', '127.0.0.1', ['127.0.0.1'], '203.0.113.9'],
    ['may have an IPv6 address', '::1', '2001:db8::7', ['::1'], '2001:db8::7'],
    ['may come by a mapped address', '::ffff:10.0.0.1', '203.0.113.9', ['10.0.0.0/8'], '203.0.113.9'],
    ['may be told with a port', '127.0.0.1', '203.0.113.9:5060', ['127.0.0.1'], '203.0.113.9'],
    ['may be told in brackets with a port', '127.0.0.1', '[2001:db8::7]:5060', ['127.0.0.1'], '2001:db8::7'],
    ['is the proxy where it names nobody', '127.0.0.1', undefined, ['127.0.0.1'], '127.0.0.1'],
    ['is the proxy where it names no address', '127.0.0.1', 'unknown', ['127.0.0.1'], '127.0.0.1'],
  ])('%s', (_name, from, forwarded, proxies, client) => {
    expect(clientOf(from, forwarded, proxies)).toBe(client);
  });
});

test('host and scheme are those of the settings, whatever a request says', () => {
  const headers: Record<string, string> = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
  };
  receive({ url: '/', headers, socket: {} } as unknown as IncomingMessage, site, trustIn([]));
  expect(headers).toMatchObject({
    host: 'uni.example',
    'x-forwarded-host': 'uni.example',
    'x-forwarded-proto': 'https',
  });
});

test.each([
  ['/rostrum', '/'],
  ['/rostrum/', '/'],
  ['/rostrum?x', '/?x'],
  ['/rostrum/c/open?x', '/c/open?x'],
  ['/rostrumx', null],
  ['/c/open', null],
])('%s is inside as %s', (url, inside) => {
  expect(withoutBase(url, '/rostrum')).toBe(inside);
});

describe('a renewed certificate', () => {
  const fixtures = join(import.meta.dirname, '../fixtures/tls');
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-tls-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is served to whoever comes next, and one that does not fit its key is not', async () => {
    const files = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    const put = (name: string) => {
      copyFileSync(join(fixtures, `${name}.pem`), files.certificateFile);
      copyFileSync(join(fixtures, `${name === 'cert' ? 'key' : 'renewed-key'}.pem`), files.keyFile);
    };
    put('cert');
    const server = createServer(readPair(files), (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const served = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().fingerprint256);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const first = await served();
    put('renewed-cert');
    // Not yet: nobody has looked.
    expect(await served()).toBe(first);
    takeOver(server, files);
    const renewed = await served();
    expect(renewed).not.toBe(first);
    writeFileSync(files.certificateFile, 'half a certi');
    takeOver(server, files);
    expect(await served()).toBe(renewed);
    server.close();
  });
});

describe('the id of a request', () => {
  const idFrom = (from: string, given: string) => {
    const request = { headers: { 'x-request-id': given }, socket: { remoteAddress: from } };
    return identify(request as unknown as IncomingMessage, trustIn(['127.0.0.1']));
  };
  const id = '3f2a9c1e-8b47-4d0a-9c55-0123456789ab';

  test('is that of a trusted proxy, as a UUID or as nginx writes it', () => {
    expect(idFrom('127.0.0.1', id)).toBe(id);
    expect(idFrom('127.0.0.1', id.replaceAll('-', ''))).toBe(id);
  });

  test.each([
    ['a stranger gives one', '192.0.2.1', id],
    ['it is no id', '127.0.0.1', 'x"} {"level":60,"msg":"all is well'],
  ])('is a new one where %s', (_, from, given) => {
    const own = idFrom(from, given);
    expect(own).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(own).not.toBe(given);
  });
});

describe('what a router says that it holds', () => {
  const stateAfter = (state: string) => {
    const headers = { 'next-router-state-tree': state };
    dropUnreadableState(headers);
    return headers['next-router-state-tree'];
  };

  test('is taken off where Next would answer 500 to it', () => {
    for (const state of [...unreadableStates, 'x'.repeat(50_000)]) expect(stateAfter(state)).toBeUndefined();
  });

  test('(control) is left as it is where Next can read it', () => {
    const state = encodeURIComponent('["",{"children":[["slug","open","d",null],{}]},null,"refetch"]');
    expect(stateAfter(state)).toBe(state);
  });
});

test('browsers are asked to stay with https where the site has it, and nowhere else', () => {
  const askedBy = (origin: string) => {
    const headers = new Map<string, unknown>();
    const response = { setHeader: (name: string, value: unknown) => headers.set(name, value) };
    setSecurityHeaders(response as unknown as ServerResponse, { ...site, origin });
    return headers.get('Strict-Transport-Security');
  };
  expect([askedBy('https://uni.example'), askedBy('http://uni.example')]).toEqual(['max-age=15552000', undefined]);
});
