import { findCaller } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { NotFoundError } from '#lib/errors.ts';
import { revalidated } from '#lib/http.ts';
import { mappingCsv } from '#lib/mapping-csv.ts';
import { declared } from '../../../declared.ts';

/**
 * The competition's mapping as its organiser gave it, for whoever scores by the same rules at home. Texts stay as they are: with
 * a guard against formulas in front of one, that rule would be another.
 */
export const GET = declared<{ slug: string }>('getMapping', async ({ request, params }) => {
  const user = await findCaller(request, 'read');
  const { slug, mapping } = await getVisibleCompetition(webDatabase(), params.slug, user);
  if (mapping === null) throw new NotFoundError('file', 'mapping.csv');
  return revalidated(request, mappingCsv(mapping), {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': attachment(`${slug}-mapping.csv`),
  });
});
