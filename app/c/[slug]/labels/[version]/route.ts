import { askDesk } from '#lib/desk.ts';
import { handler } from '#lib/http.ts';

/** Salt, labels and folds of a version, from the reveal on: the scoring side decides. */
export const GET = handler<{ slug: string; version: string }>(async ({ request, params: { slug, version } }) => {
  const url = new URL(request.url);
  url.search = new URLSearchParams({ version }).toString();
  return askDesk(new Request(url, request), [slug, 'labels', 'published']);
});
