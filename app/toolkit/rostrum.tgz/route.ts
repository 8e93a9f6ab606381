import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attachment } from '#lib/download.ts';
import { handler, isUnchanged } from '#lib/http.ts';

/** The command line for teams, as npm installs it from an address; bin/client/assemble.mjs makes it with the bundles. */
export const GET = handler(async ({ request }) => {
  const archive = await readFile(join(/* turbopackIgnore: true */ process.cwd(), 'dist/rostrum.tgz'));
  const etag = `"${createHash('sha256').update(archive).digest('hex')}"`;
  const headers = { ETag: etag, 'Cache-Control': 'public, no-cache' };
  if (isUnchanged(request, etag)) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(archive), {
    headers: {
      ...headers,
      'Content-Type': 'application/gzip',
      'Content-Length': String(archive.length),
      'Content-Disposition': attachment('rostrum.tgz'),
    },
  });
});
