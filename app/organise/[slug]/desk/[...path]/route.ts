import { requireSameOrigin } from '#lib/auth.ts';
import { basePath, withBase, withoutBase } from '#lib/base-path.ts';
import { askDesk } from '#lib/desk.ts';
import { handler } from '#lib/http.ts';
import { withNext } from '#lib/identity/local-path.ts';

/** The scoring side's own pages for organisers: it checks who asks. */
const passOn = handler<{ slug: string; path: string[] }>(async ({ request, params: { slug, path } }) => {
  requireSameOrigin(request);
  const answer = await askDesk(request, [slug, ...path]);
  const isPage = request.headers.get('sec-fetch-mode') === 'navigate';
  return answer.status === 401 && isPage ? toSignInAgain(request) : answer;
});

/** A person who follows a link is not shown what is for programs. */
function toSignInAgain(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  const path = withoutBase(pathname, basePath) ?? '/';
  const location = withBase(withNext('/sign-in/again', path + search));
  return new Response(null, { status: 303, headers: { Location: location, 'Cache-Control': 'private, no-store' } });
}

export { passOn as GET, passOn as POST };
