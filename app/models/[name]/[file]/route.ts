import { shippedModel } from '#lib/baseline-models.ts';
import { isModelAtWork } from '#lib/db/microphone.ts';
import { webDatabase } from '#lib/db/web.ts';
import { serveDownload } from '#lib/download.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError } from '#lib/errors.ts';
import { handler } from '#lib/http.ts';
import { findModelFile } from '#lib/model-files.ts';

/**
 * A file of a baseline model: for the browser that listens with it, and for people who take model, card and recipe along. Open to
 * everybody for the model that comes with Rostrum and for those that made a published competition's baseline; others do not exist
 * here. Links are made by modelFileAddress (lib/model-files.ts).
 */
export const GET = handler<{ name: string; file: string }>(async ({ request, params, query }) => {
  const { name, file } = params;
  if (name !== shippedModel && !(await isModelAtWork(webDatabase(), name))) throw new NotFoundError('model', name);
  const found = await findModelFile(webEnv().home, name, file);
  if (found === null) throw new NotFoundError('model file', file);
  const response = await serveDownload(request, found);
  const isOfTheseBytes = query.get('sha256') === found.sha256.toString('hex');
  const kept = isOfTheseBytes ? 'max-age=31536000, immutable' : 'no-cache';
  // Length and digest are those of the file, so that nobody may pack it on the way.
  response.headers.set('Cache-Control', `public, ${kept}, no-transform`);
  return response;
});
