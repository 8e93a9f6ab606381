import { requireCaller } from '#lib/auth.ts';
import { csvLines, withoutFormula } from '#lib/csv.ts';
import { type LogFilter, type LoggedEvent, listEvents } from '#lib/db/event-log.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { handler } from '#lib/http.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { filterOf, readQuery } from '../query.ts';
import { aboutOf, whatOf } from '../words.ts';

const eventsAtOnce = 1000;

const header = [
  'position',
  'id',
  'at',
  'actorId',
  'actor',
  'kind',
  'what',
  'subject',
  'about',
  'reason',
  'details',
  'sha256',
];

/** The log of a competition by the same filters as its page, newest first, for spreadsheets and for who wants to keep it. */
export const GET = handler<{ slug: string }>(async ({ request, params, query, t }) => {
  const user = await requireCaller(request, 'read');
  const competition = await getOrganisedCompetition(webDatabase(), params.slug, user);
  const filter = filterOf(readQuery(Object.fromEntries(query)), competition);
  return new Response(streamOf(lines(competition.id, filter, t)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': attachment(`${competition.slug}-log.csv`),
    },
  });
});

/** Page after page, so that a long log is never in memory as a whole. */
async function* lines(competitionId: string, filter: LogFilter, t: Translate): AsyncGenerator<string> {
  yield csvLines([header]);
  let before: string | null = null;
  do {
    const events: LoggedEvent[] = await listEvents(webDatabase(), competitionId, filter, {
      before,
      limit: eventsAtOnce,
    });
    if (events.length === 0) return;
    yield csvLines(events.map((event) => cellsOf(event, t)));
    before = events.length < eventsAtOnce ? null : events.at(-1)!.id;
  } while (before !== null);
}

function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

function cellsOf(event: LoggedEvent, t: Translate) {
  const print = (instant: Date) => instant.toISOString();
  return [
    event.position,
    event.id,
    event.writtenAt,
    event.actor?.id ?? null,
    withoutFormula(event.actor?.name ?? ''),
    event.kind,
    withoutFormula(whatOf(event, { t, print })),
    withoutFormula(event.subject),
    withoutFormula(aboutOf(event, t) ?? ''),
    withoutFormula(event.reason),
    event.writtenDetails,
    event.hash,
  ];
}
