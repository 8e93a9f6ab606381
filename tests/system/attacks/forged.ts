import { expect, test } from 'vitest';
import { type Attacked, askAs, forEach } from './attacked.ts';

/*
 * What another site can have a browser send along with an organiser's cookie, to everything that changes something.
 */

export type Target = { method: string; path: string; headers?: Record<string, string>; body?: string };

const fromElsewhere: Record<string, Record<string, string>> = {
  'another site': { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  'another site in an old browser': { Origin: 'https://evil.example' },
  'another name of the domain': { Origin: 'http://x.127.0.0.1', 'Sec-Fetch-Site': 'same-site' },
  'a frame without origin': { Origin: 'null' },
  nowhere: {},
  'a form that is no form': { Origin: 'https://evil.example', 'Content-Type': 'text/plain' },
  'a look in disguise': { Origin: 'https://evil.example', 'X-HTTP-Method-Override': 'GET' },
};

export function testForged(attacked: () => Attacked, targets: () => readonly Target[]): void {
  test.each(Object.entries(fromElsewhere))('from %s', async (_where, headers) => {
    expect(targets().length).toBeGreaterThan(80);
    const taken: string[] = [];
    await forEach(targets(), async ({ method, path, headers: own = {}, body = '{}' }) => {
      const response = await askAs(attacked(), 'organiser', path, { method, body, headers: { ...own, ...headers } });
      if (response.status !== 403) taken.push(`${response.status} ${method} ${path}`);
      await response.arrayBuffer();
    });
    expect(taken).toEqual([]);
  });

  test('and no look changes anything by saying that it is something else', async () => {
    const headers = { 'X-HTTP-Method-Override': 'POST', 'X-HTTP-Method': 'POST', 'X-Method-Override': 'POST' };
    const path = '/organise/open/desk/labels/discard';
    const statuses = [path, `${path}?_method=POST`].map(
      async (asked) => (await askAs(attacked(), 'organiser', asked, { headers })).status,
    );
    expect(await Promise.all(statuses)).toEqual([404, 404]);
  });
}
