import { eq, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { requireVisible, type Viewer } from '#lib/db/competitions.ts';
import { type Place, prepare } from '#lib/db/prepared.ts';
import { competitions } from '#lib/db/schema.ts';
import { type ListRevisions, listRevisionsOf } from '#lib/db/utterances.ts';

/*
 * What decides about an upload before its body is read. In the last hour before a close every question to the database counts fifty
 * times a second, so it is one.
 */

/** `receivedAt`: what the database's clock was when the headers were in. `lists`: what files have to name, by its revisions. */
export type Arrival = {
  receivedAt: Date;
  competition: Competition;
  hasAcceptedRules: boolean;
  hasTeam: boolean;
  lists: ListRevisions;
};

type Asked = { slug: string; sender: string; sinceArrival: ReturnType<typeof secondsSince> };

const selectArrival = prepare('arrival', (db, place: Place<Asked>) =>
  db
    .select({
      competition: competitions,
      now: sql<string>`rostrum_now() - ${place('sinceArrival')}::float8 * interval '1 s'`,
      hasAcceptedRules: acceptedRulesBy(place('sender')),
      hasTeam: sql<boolean>`exists (
        select from team_members m where m.competition_id = competitions.id and m.user_id = ${place('sender')})`,
      lists: listRevisionsOf(sql`competitions.id`),
    })
    .from(competitions)
    .where(eq(competitions.slug, place('slug'))),
);

/**
 * Finds what getVisibleCompetition finds, and whether the sender has a part in it. `arrivedAt`, of performance.now(), is when the
 * headers were in: before a close many wait for a connection, and nobody is late for waiting.
 */
export async function getArrival(
  db: Connection,
  slug: string,
  sender: Viewer,
  arrivedAt = performance.now(),
): Promise<Arrival> {
  const rows = await selectArrival(db, { slug, sender: sender.id, sinceArrival: secondsSince(arrivedAt) });
  const { now, ...found } = one(rows, 'competition', slug);
  const receivedAt = new Date(now);
  await requireVisible(db, found.competition, sender, receivedAt);
  return { receivedAt, ...found };
}

/** A value of a query that pg asks for as it sends the query, which is after the wait for a connection. */
function secondsSince(instant: number) {
  return { toPostgres: () => Math.max(0, performance.now() - instant) / 1000 };
}

/** Whether the person accepted the rules as they stand: a column of a query on competitions. */
export function acceptedRulesBy(userId: Placeholder): SQL<boolean> {
  return sql<boolean>`exists (
    select from rule_acceptances a
    where a.competition_id = competitions.id and a.user_id = ${userId} and a.rules_version = competitions.rules_version)`;
}
