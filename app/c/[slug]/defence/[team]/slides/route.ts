import { currentUser } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { getTalk } from '#lib/db/talks.ts';
import { webDatabase } from '#lib/db/web.ts';
import { serveObject } from '#lib/download.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError } from '#lib/errors.ts';
import { handler } from '#lib/http.ts';
import { accessTalk } from '../../access.ts';

/** A team's slides, to be saved and opened outside of the browser. bin/server/policy.ts has them run nowhere. */
export const GET = handler<{ slug: string; team: string }>(async ({ request, params }) => {
  const db = webDatabase();
  const user = await currentUser();
  const competition = await getVisibleCompetition(db, params.slug, user);
  const access = await accessTalk(competition, user, params.team);
  const slides = access?.maySeeSlides ? (await getTalk(db, access.team.id)).slides : null;
  if (slides === null) throw new NotFoundError('slides', params.team);
  const { sha256, bytes } = slides;
  const fileName = `${access!.team.name}.pdf`;
  return serveObject(request, webEnv(), 'recordings', { bytes, sha256, mediaType: 'application/pdf', fileName });
});
