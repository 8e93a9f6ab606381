import { requireSameOrigin } from '#lib/auth.ts';
import { askDesk } from '#lib/desk.ts';
import { handler } from '#lib/http.ts';

/** The scoring side's own pages for organisers: it checks who asks. */
const passOn = handler<{ slug: string; path: string[] }>(async ({ request, params: { slug, path } }) => {
  requireSameOrigin(request);
  return askDesk(request, [slug, ...path]);
});

export { passOn as GET, passOn as POST };
