import { requireSameOrigin, requireSession } from '#lib/auth.ts';
import { withBase } from '#lib/base-path.ts';
import { readClock } from '#lib/db/client.ts';
import { beginExport } from '#lib/db/personal-data.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { personalArchiveName, writePersonalArchive } from '#lib/personal-archive.ts';

/**
 * Everything that is kept about whoever asks, for who has lately proven who they are. A form sends it, without JavaScript too, so
 * refusals lead back to the page, which says them.
 */
export async function POST(request: Request): Promise<Response> {
  const { user, isFresh } = await requireSession();
  try {
    requireSameOrigin(request);
    if (!isFresh) return seeOther('/sign-in/again?next=/account');
    const end = await beginExport(webDatabase(), user.id);
    const archive = writePersonalArchive(webDatabase(), webEnv(), user.id);
    return new Response(streamOf(archive, end), {
      headers: {
        'Content-Type': 'application/zip',
        'Content-Disposition': attachment(personalArchiveName(await readClock(webDatabase()))),
        'Cache-Control': 'private, no-store',
      },
    });
  } catch (error) {
    if (error instanceof RefusedError) return seeOther(`/account?export=${error.code}`);
    throw error;
  }
}

function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: withBase(path), 'Cache-Control': 'no-store' } });
}

/** `end` is called once, however it ends: read to the end, broken off by the reader, or by an error of ours. */
function streamOf(pieces: AsyncGenerator<Uint8Array>, end: () => Promise<void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(value);
      } catch (error) {
        await end();
        throw error;
      }
      await end();
      controller.close();
    },
    async cancel() {
      await pieces.return(undefined);
      await end();
    },
  });
}
