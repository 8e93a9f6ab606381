import { leaderboardQuery } from '#lib/api/queries.ts';
import { findCaller } from '#lib/auth.ts';
import { boardCsv, readSnapshot, writeSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { findBoardAt, getBoard, type StoredBoard } from '#lib/db/boards.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { isUnchanged, parseQuery } from '#lib/http.ts';
import { declared } from '../../../declared.ts';

/** The public board, now or as it stood at an instant: the stored snapshot, byte for byte, or its rows for a spreadsheet. */
export const GET = declared<{ slug: string }>('getLeaderboard', async ({ request, params, query }) => {
  const user = await findCaller(request, 'read');
  const competition = await getVisibleCompetition(webDatabase(), params.slug, user);
  const { at, format = prefersCsv(request) ? 'csv' : 'json' } = parseQuery(query, leaderboardQuery);
  const { version, body } = await boardAt(competition, at);

  const etag = `"${version}-${format}"`;
  const headers = { ETag: etag, 'Cache-Control': 'no-cache', Vary: 'Accept, Authorization, Cookie' };
  if (isUnchanged(request, etag)) return new Response(null, { status: 304, headers });
  if (format === 'json') return new Response(body, { headers: { ...headers, 'Content-Type': 'application/json' } });
  return new Response(boardCsv(readSnapshot(body)), {
    headers: {
      ...headers,
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': attachment(`${competition.slug}-leaderboard.csv`),
    },
  });
});

async function boardAt(competition: Competition, at: Date | undefined): Promise<Pick<StoredBoard, 'version' | 'body'>> {
  if (at === undefined) return getBoard(webDatabase(), competition);
  const board = await findBoardAt(webDatabase(), competition.id, at);
  // Before the first score nobody stood anywhere.
  const nobody = { version: 0, at: at.toISOString(), frozen: false, ties: null, rows: [] };
  return board ?? { version: 0, body: writeSnapshot(nobody) };
}

/** Whether Accept ranks text/csv above application/json; browsers and programs that take anything get JSON. */
function prefersCsv(request: Request): boolean {
  const accepted = (request.headers.get('accept') ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const weightOf = (...types: string[]) =>
    Math.max(0, ...accepted.filter(({ type }) => types.includes(type)).map(({ weight }) => weight));
  return weightOf('text/csv') > weightOf('application/json', 'application/*');
}
