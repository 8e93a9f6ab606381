import { basePath, cookiePath, withBase, withoutBase } from '#lib/base-path.ts';
import { webEnv } from '#lib/env.ts';
import { localPath } from '#lib/identity/local-path.ts';
import { languages } from '#lib/messages/language.ts';
import { themes } from '../language.ts';

const oneYearSeconds = 365 * 24 * 60 * 60;

/**
 * Remembers a reader's language or theme in a cookie and sends them back to where they were: works without JavaScript. Another
 * site's form is refused, and so is a way back that leads out of ours.
 */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request)) return new Response('cross-origin request refused\n', { status: 403 });
  const form = await request.formData();
  const headers = new Headers({ Location: withBase(wayBack(request, form.get('back'))), 'Cache-Control': 'no-store' });
  const language = languages.find((known) => known === form.get('language'));
  const theme = themes.find((known) => known === form.get('theme'));
  if (language) headers.append('Set-Cookie', cookie('rostrum-language', language));
  if (theme) headers.append('Set-Cookie', cookie('rostrum-theme', theme));
  return new Response(null, { status: 303, headers });
}

function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get('host');
}

/** The page of ours that the form stood on, by its own field and, for the query, the referrer; never another site's. */
function wayBack(request: Request, field: FormDataEntryValue | null): string {
  const path = localPath(typeof field === 'string' ? field : null);
  const referrer = request.headers.get('referer');
  if (referrer === null || !URL.canParse(referrer)) return path;
  const { host, pathname, search } = new URL(referrer);
  return host === request.headers.get('host') && withoutBase(pathname, basePath) === path ? path + search : path;
}

function cookie(name: string, value: string): string {
  const secure = webEnv().origin.startsWith('https:') ? '; Secure' : '';
  return `${name}=${value}; Path=${cookiePath}; Max-Age=${oneYearSeconds}; SameSite=Lax; HttpOnly${secure}`;
}
