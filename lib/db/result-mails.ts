import { sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { mailPeople } from '#lib/db/notices.ts';
import { findResults } from '#lib/db/results.ts';
import { claimTelling } from '#lib/db/tellings.ts';
import type { ResultRow } from '#lib/finals.ts';

/*
 * A mail to every team with its own place, once the results are public: after the last step of a staged reveal, and never from
 * anything but what the database gives everybody then.
 */

export async function mailResults(db: Connection, site: string): Promise<void> {
  const { rows } = await db.execute<{ id: string; at: string }>(sql`
    select id, at from (
      select c.id, case when reveal_mode = 'at-once' then reveals_at else reveal_ended_at end as at
      from competitions c where published_at <= rostrum_now() and is_revealed(c)) revealed
    where at > rostrum_now() - interval '1 day'
      and exists (select from revealed_results r where r.competition_id = revealed.id)
      and not exists (select from mailed_events where subject = revealed.id and kind = 'results')`);
  for (const { id, at } of rows) await db.transaction((tx) => mailCompetition(tx, id, new Date(at), site));
}

async function mailCompetition(tx: Connection, id: string, at: Date, site: string): Promise<void> {
  const results = await findResults(tx, id);
  if (results === null || !(await claimTelling(tx, { subject: id, kind: 'results', at }))) return;
  const competition = await getCompetitionById(tx, id);
  const ranked = results.rows.filter(({ place }) => place !== null).length;
  for (const { teamId, team, people } of await listTeams(tx, id)) {
    const row = results.rows.find((each) => each.teamId === teamId) ?? null;
    await mailTeamResult(tx, { competition, team, people, row, ranked, site });
  }
}

async function listTeams(tx: Connection, competitionId: string) {
  const { rows } = await tx.execute<{ teamId: string; team: string; people: string[] }>(sql`
    select t.id as "teamId", t.name as team, array_agg(m.user_id::text) as people
    from teams t join team_members m on m.team_id = t.id
    where t.competition_id = ${competitionId} and t.disbanded_at is null and not t.is_demo
    group by t.id order by t.id`);
  return rows;
}

type Told = {
  competition: Competition;
  team: string;
  people: string[];
  row: ResultRow | null;
  /** How many teams have a place. */
  ranked: number;
  site: string;
};

async function mailTeamResult(tx: Connection, { competition, team, people, row, ranked, site }: Told): Promise<void> {
  const { id: competitionId, slug } = competition;
  const outcome = row === null ? 'none' : row.place === null ? 'unranked' : 'placed';
  await mailPeople(tx, people, { category: 'results', competitionId }, (language, t) => ({
    subject: t('mail.results-subject', { competition: nameOf(competition, language) }),
    paragraphs: [
      t(`mail.results-${outcome}`, { team, place: row?.place ?? 0, teams: ranked }),
      t('mail.results-more'),
      { label: t('mail.results-link'), url: `${site}/c/${slug}/results` },
    ],
  }));
}
