import { manifestOf } from '#lib/archives.ts';
import { csv } from '#lib/csv.ts';
import { getArchive, listUtteranceIds, listUtterances } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment, serveObject } from '#lib/download.ts';
import { webEnv } from '#lib/env.ts';
import { NotFoundError } from '#lib/errors.ts';
import { revalidated } from '#lib/http.ts';
import { declared } from '../../../../declared.ts';
import { type DataAccess, releasedSplit, requireData } from '../access.ts';

/** `sample_submission.csv`, and of each released split its manifest `{split}.csv` and its recordings `{split}.zip`. */
export const GET = declared<{ slug: string; file: string }>('getDataFile', async ({ request, params }) => {
  const access = await requireData(request, params.slug);
  if (params.file === 'sample_submission.csv') return sampleSubmission(request, access);
  const [, split = '', type] = /^(\w+)\.(csv|zip)$/.exec(params.file) ?? [];
  switch (type) {
    case 'csv':
      return manifest(request, access, split);
    case 'zip':
      return archive(request, access, split);
    default:
      throw new NotFoundError('file', params.file);
  }
});

/** A file that is taken as it is: every id of the test split, with a text that is still empty. */
async function sampleSubmission(request: Request, access: DataAccess): Promise<Response> {
  const utterances = await listUtteranceIds(webDatabase(), access.competition.id, releasedSplit(access, 'test'));
  if (utterances.length === 0) throw new NotFoundError('file', 'sample_submission.csv');
  const rows = utterances.map(({ id }) => [id, '']);
  return csvFile(request, csv(['id', 'text'], rows), `${access.competition.slug}-sample_submission.csv`);
}

async function manifest(request: Request, access: DataAccess, name: string): Promise<Response> {
  const split = releasedSplit(access, name);
  const utterances = await listUtterances(webDatabase(), access.competition.id, split);
  if (utterances.length === 0) throw new NotFoundError('file', `${split}.csv`);
  return csvFile(request, manifestOf(split, utterances), `${access.competition.slug}-${split}.csv`);
}

async function archive(request: Request, access: DataAccess, name: string): Promise<Response> {
  const split = releasedSplit(access, name);
  const { sha256, bytes } = await getArchive(webDatabase(), access.competition.id, split);
  return serveObject(request, webEnv(), 'archives', {
    bytes,
    sha256,
    mediaType: 'application/zip',
    fileName: `${access.competition.slug}-${split}.zip`,
  });
}

function csvFile(request: Request, text: string, fileName: string): Response {
  return revalidated(request, text, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': attachment(fileName),
  });
}
