import type { DataListing } from '#lib/api/answers.ts';
import { dataQuery } from '#lib/api/queries.ts';
import { listArchives, listRecordings } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { parseQuery, revalidatedJson } from '#lib/http.ts';
import { apiAddress, recordingAddress } from '../../../answers.ts';
import { declared } from '../../../declared.ts';
import { releasedSplit, requireData } from './access.ts';

/** All that can be downloaded now; with `?split=`, of one split. */
export const GET = declared<{ slug: string }>('listData', async ({ request, params, query }) => {
  const db = webDatabase();
  const access = await requireData(request, params.slug);
  const { competition } = access;
  const asked = parseQuery(query, dataQuery).split;
  const released = asked === undefined ? access.released : [releasedSplit(access, asked)];

  const recordings = await listRecordings(db, competition.id, released);
  const present = released.filter((split) => recordings.some((recording) => recording.split === split));
  const archives = await listArchives(db, competition.id);
  const answer: DataListing = {
    files: recordings.map(({ id, split, fileName, seconds, bytes, sha256 }) => ({
      id,
      split,
      path: `${split}/${fileName}`,
      seconds,
      bytes,
      sha256: sha256.toString('hex'),
      url: recordingAddress(competition.slug, split, id),
    })),
    archives: archives
      .filter(({ split }) => released.includes(split))
      .map(({ split, bytes, sha256 }) => ({
        split,
        bytes,
        sha256: sha256.toString('hex'),
        url: apiAddress(competition.slug, `/data/${split}.zip`),
      })),
    manifests: present.map((split) => ({ split, url: apiAddress(competition.slug, `/data/${split}.csv`) })),
    sampleSubmission: present.includes('test') ? apiAddress(competition.slug, '/data/sample_submission.csv') : null,
  };
  return revalidatedJson(request, answer);
});
