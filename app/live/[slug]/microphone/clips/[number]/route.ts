import { currentUser } from '#lib/auth.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { serveObject } from '#lib/download.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError } from '#lib/errors.ts';
import { handler } from '#lib/http.ts';
import { clipsFor } from '../../clips.ts';

/** One of the recordings that the microphone page begins with, numbered from 1: for who is offered it there, and for nobody else. */
export const GET = handler<{ slug: string; number: string }>(async ({ request, params }) => {
  const db = webDatabase();
  const user = await currentUser();
  const competition = await getVisibleCompetition(db, params.slug, user);
  const clips = await clipsFor(db, competition, user, await readClock(db));
  const clip = clips[Number(params.number) - 1];
  if (clip === undefined) throw new NotFoundError('clip', params.number);
  const { sha256, bytes, mediaType } = clip;
  return serveObject(request, webEnv(), 'recordings', {
    bytes,
    sha256,
    mediaType,
    fileName: `${params.number}`,
  });
});
