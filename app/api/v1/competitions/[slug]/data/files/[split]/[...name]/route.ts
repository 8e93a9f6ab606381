import { basename } from 'node:path/posix';
import { getUtterance } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { serveObject } from '#lib/download.ts';
import { webEnv } from '#lib/env.ts';
import { declared } from '../../../../../../declared.ts';
import { releasedSplit, requireData } from '../../../access.ts';

/** One recording as it was given to us, by the id of its utterance or by its file's name. */
export const GET = declared<{ slug: string; split: string; name: string[] }>(
  'getRecording',
  async ({ request, params }) => {
    const access = await requireData(request, params.slug);
    const split = releasedSplit(access, params.split);
    const utterance = await getUtterance(webDatabase(), access.competition.id, split, params.name.join('/'));
    return serveObject(request, webEnv(), 'recordings', {
      bytes: utterance.bytes,
      sha256: utterance.sha256,
      mediaType: utterance.mediaType,
      fileName: basename(utterance.fileName),
    });
  },
);
