import { Readable } from 'node:stream';
import { isRevealed } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { attachment } from '#lib/download.ts';
import { RefusedError } from '#lib/errors.ts';
import { writeZip } from '#lib/zip-writer.ts';
import { archiveFiles } from '#scoring/archive/files.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';
import { requireLabelReader } from '#scoring/desk/session.ts';

/** The whole competition in one file, for its organisers, from the reveal on. Refuses with 'not-revealed' before. */
export async function downloadArchive(call: DeskCall): Promise<Response> {
  const { competition } = await requireLabelReader(call);
  if (!isRevealed(competition, await readClock(call.db))) throw new RefusedError('not-revealed', 409);
  const wish = { place: call, withRecordings: call.query.get('recordings') === 'yes' };
  const files = await archiveFiles(call.db, competition, wish);
  const body = Readable.toWeb(Readable.from(writeZip(files))) as ReadableStream<Uint8Array>;
  return new Response(body, {
    headers: { 'Content-Type': 'application/zip', 'Content-Disposition': attachment(`${call.slug}.zip`) },
  });
}
