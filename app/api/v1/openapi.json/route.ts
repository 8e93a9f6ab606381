import { openApiDocument } from '#lib/api/openapi.ts';
import { webEnv } from '#lib/env.ts';
import { revalidated } from '#lib/http.ts';
import { declared } from '../declared.ts';

let document: string | null = null;

/** The description of this API, the same for everybody for as long as this process runs. */
export const GET = declared('getDocument', async ({ request }) => {
  document ??= JSON.stringify(openApiDocument({ origin: webEnv().origin }));
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=300' };
  return revalidated(request, document, headers);
});
