import { beforeAll, expect, test } from 'vitest';
import { POST } from '../../app/preferences/route.ts';

beforeAll(() => {
  process.env.ROSTRUM_MODE = 'demo';
  process.env.DATABASE_URL_WEB = 'postgresql://web@127.0.0.1/never-asked';
  process.env.ROSTRUM_SECRET = 'only-for-this-test-0123456789abcdef';
});

const home = 'http://127.0.0.1:3000';

function choose(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return POST(
    new Request(`${home}/preferences`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { host: '127.0.0.1:3000', 'sec-fetch-site': 'same-origin', ...headers },
    }),
  );
}

test('a chosen language and theme are kept in cookies, and the reader is back where they were', async () => {
  const answer = await choose({ language: 'en', theme: 'dark', back: '/c/demo/board' });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/c/demo/board');
  const [language, theme] = answer.headers.getSetCookie();
  expect(language).toMatch(/^rostrum-language=en; Path=\/; .*SameSite=Lax/);
  expect(theme).toMatch(/^rostrum-theme=dark;/);
});

test('the query of the page comes back with it', async () => {
  const answer = await choose({ theme: 'dark', back: '/sign-in' }, { referer: `${home}/sign-in?next=%2Faccount` });
  expect(answer.headers.get('location')).toBe('/sign-in?next=%2Faccount');
});

test('nobody is sent to another site', async () => {
  for (const back of ['//evil.example', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '']) {
    const answer = await choose({ language: 'ru', back }, { referer: 'https://evil.example/c/demo' });
    expect(answer.headers.get('location')).toBe('/');
  }
});

test('another site’s form is refused, with or without the headers of newer browsers', async () => {
  const other = await choose({ language: 'ru' }, { 'sec-fetch-site': 'cross-site' });
  expect(other.status).toBe(403);
  const request = (origin: string) =>
    new Request(`${home}/preferences`, {
      method: 'POST',
      body: new URLSearchParams({ language: 'ru' }),
      headers: { host: '127.0.0.1:3000', origin },
    });
  expect((await POST(request('https://evil.example'))).status).toBe(403);
  expect((await POST(request('null'))).status).toBe(403);
  expect((await POST(request(home))).status).toBe(303);
});

test('a value that is none of ours changes nothing', async () => {
  const answer = await choose({ language: 'de', theme: 'neon', back: '/' });
  expect(answer.headers.getSetCookie()).toEqual([]);
});
