import { sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { mailPeople } from '#lib/db/notices.ts';
import { listAudience } from '#lib/db/phase-mails.ts';
import { competitions } from '#lib/db/schema.ts';
import { mailInstant } from '#lib/mail/instant.ts';
import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type Boundary, optionalBoundaries, requiredBoundaries } from '#lib/timeline.ts';

/*
 * A mail to everybody who takes part, when organisers have moved dates that are still to come. It waits until nobody has moved any for
 * ten minutes and tells the sum of what was moved: a date that was put back was not moved.
 */

const settledMinutes = 10;
const boundaries = [...requiredBoundaries, ...optionalBoundaries];

type Moves = { competitionId: string; through: string; told: string };
/** Null: there is no such date. */
type Move = { boundary: Boundary; from: Date | null; to: Date | null };

export async function mailMovedDates(db: Connection, site: string): Promise<void> {
  for (const moves of await listSettled(db)) await db.transaction((tx) => mailMoves(tx, moves, site));
}

/** Competitions with moves after their publication that nobody was told, the last of them ten minutes to half a day ago. */
async function listSettled(db: Connection): Promise<Moves[]> {
  const { rows } = await db.execute<Moves>(sql`
    with clock as materialized (select rostrum_now() as now)
    select c.id as "competitionId", max(e.id)::text as through, coalesce(m.through, 0)::text as told
    from clock cross join competitions c
    left join told_moves m on m.competition_id = c.id
    join events e on e.competition_id = c.id and e.kind = 'competition-changed' and e.id > coalesce(m.through, 0)
      and e.at > now - interval '12 hours' and e.at >= c.published_at and e.details ?| ${sql.param(boundaries)}::text[]
    where c.published_at <= now
    group by c.id, m.through
    having max(e.at) <= max(now) - make_interval(mins => ${settledMinutes})`);
  return rows;
}

async function mailMoves(tx: Connection, moves: Moves, site: string): Promise<void> {
  const { competitionId, through, told: before } = moves;
  const { rowCount } = await tx.execute(sql`
    insert into told_moves (competition_id, through) values (${competitionId}, ${through})
    on conflict (competition_id) do update set through = excluded.through where told_moves.through = ${before}`);
  if (rowCount === 0) return;
  const [competition] = await tx.select().from(competitions).where(sql`${competitions.id} = ${competitionId}`);
  if (competition === undefined) return;
  const moved = await sumOf(tx, competition, moves);
  if (moved.length === 0) return;
  const readers = await listAudience(tx, competitionId, 'participants');
  await mailPeople(tx, readers, { category: 'phases', competitionId }, (language, t) => ({
    subject: t('mail.moved-subject', { competition: nameOf(competition, language) }),
    paragraphs: [
      t('mail.moved-text', { competition: nameOf(competition, language) }),
      moved.map((move) => lineOf(move, competition.timeZone, language, t)).join('\n'),
      { label: t('mail.moved-link'), url: `${site}/c/${competition.slug}/rules` },
    ],
  }));
}

/** From what stood before the first move to what stands now, of dates that are to come or were and are no more. */
async function sumOf(tx: Connection, competition: Competition, moves: Moves): Promise<Move[]> {
  const { rows } = await tx.execute<{ boundary: Boundary; from: string | null }>(sql`
    select distinct on (change.key) change.key as boundary, change.value ->> 'from' as "from"
    from events e cross join lateral jsonb_each(e.details) change
    where e.competition_id = ${competition.id} and e.kind = 'competition-changed' and e.id > ${moves.told}
      and e.id <= ${moves.through} and e.at >= ${competition.publishedAt} and change.key = any(${sql.param(boundaries)}::text[])
    order by change.key, e.id`);
  const now = await readClock(tx);
  const before = new Map(rows.map(({ boundary, from }) => [boundary, from === null ? null : new Date(from)]));
  return boundaries.flatMap((boundary) => {
    const from = before.get(boundary);
    const to = competition[boundary];
    if (from === undefined || from?.getTime() === to?.getTime()) return [];
    const isNews = to === null ? from !== null && from > now : to > now;
    return isNews ? [{ boundary, from, to }] : [];
  });
}

function lineOf({ boundary, from, to }: Move, timeZone: string, language: Language, t: Translate): string {
  const print = (instant: Date | null) => (instant === null ? 'none' : mailInstant(instant, timeZone, language));
  return t('mail.moved-line', { what: t(`organise.field-${boundary}`), from: print(from), to: print(to) });
}
