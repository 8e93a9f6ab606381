import { sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { type Candidate, getFinals } from '#lib/db/finals.ts';
import { getCardState } from '#lib/db/method-cards.ts';
import { mailPeople } from '#lib/db/notices.ts';
import type { Finals } from '#lib/finals.ts';
import { mailInstant } from '#lib/mail/instant.ts';
import { emptyCard, missingParts } from '#lib/method-card.ts';

/*
 * Mails before a team's submissions close, to the members of teams that have something scored and picked nothing of it, or whose
 * method card is not complete.
 */

/** Hours before the close. */
const reminderHours = [24, 2] as const;

type Due = { teamId: string; competitionId: string; closesAt: string; hours: number };

/**
 * Sends what is due, each reminder once: its row is written in the transaction of its mails. Where several have become due at once,
 * as after a worker's absence, only the last is sent. Returns the number of teams that were reminded.
 */
export async function sendDueReminders(db: Connection, site: string): Promise<number> {
  let reminded = 0;
  for (const due of await listDue(db)) {
    if (await db.transaction((tx) => remind(tx, due, site))) reminded += 1;
  }
  return reminded;
}

async function listDue(db: Connection): Promise<Due[]> {
  const { rows } = await db.execute<Due>(sql`
    with clock as materialized (select rostrum_now() as now),
    closes as (
      select t.id as team_id, c.id as competition_id, (
        select greatest(c.submissions_end_at, max(least(a.closes_at, coalesce(c.reveals_at, 'infinity'))))
        from team_adjustments a where a.team_id = t.id and a.kind = 'deadline' and a.revoked_at is null) as closes_at
      from clock, competitions c join teams t on t.competition_id = c.id
      where c.published_at <= now and c.submissions_start_at <= now
        and t.kind = 'team' and t.disbanded_at is null and not t.is_demo
    )
    select team_id as "teamId", competition_id as "competitionId", closes_at as "closesAt", min(h)::integer as hours
    from clock, closes, unnest(${sql.param([...reminderHours])}::integer[]) h
    where now < closes_at and closes_at <= now + make_interval(hours => h)
      and exists (select from submissions s where s.team_id = closes.team_id and s.split = 'test'
        and s.state = 'scored' and not s.late and s.voided_at is null)
    group by team_id, competition_id, closes_at
    having not exists (select from team_reminders r
      where r.team_id = closes.team_id and r.closes_at = closes.closes_at and r.hours_before <= min(h))`);
  return rows;
}

async function remind(tx: Connection, { teamId, competitionId, closesAt, hours }: Due, site: string): Promise<boolean> {
  const { rowCount } = await tx.execute(sql`
    insert into team_reminders (team_id, hours_before, closes_at) values (${teamId}, ${hours}, ${closesAt})
    on conflict do nothing`);
  if (rowCount === 0) return false;
  const competition = await getCompetitionById(tx, competitionId);
  const finals = await getFinals(tx, competition, teamId);
  const { card } = await getCardState(tx, competition, teamId);
  const isPicked = finals.reason === 'picked';
  const isComplete = missingParts(card ?? emptyCard).length === 0;
  if (isPicked && isComplete) return false;
  const unfinished = { finals: isPicked ? null : finals, needsCard: !isComplete };
  return mailMembers(tx, competition, { teamId, closesAt: new Date(closesAt), hours, ...unfinished }, site);
}

type Unfinished = {
  teamId: string;
  closesAt: Date;
  hours: number;
  finals: Finals<Candidate> | null;
  needsCard: boolean;
};

async function mailMembers(
  tx: Connection,
  competition: Competition,
  { teamId, closesAt, hours, finals, needsCard }: Unfinished,
  site: string,
): Promise<boolean> {
  const { rows } = await tx.execute<{ id: string; team: string }>(sql`
    select m.user_id as id, t.name as team from team_members m join teams t on t.id = m.team_id where t.id = ${teamId}`);
  const place = `${site}/c/${competition.slug}`;
  const people = rows.map(({ id }) => id);
  const minutes = Math.ceil((closesAt.getTime() - (await readClock(tx)).getTime()) / 60_000);
  const about = { category: 'reminders', competitionId: competition.id, minutes } as const;
  await mailPeople(tx, people, about, (language, t) => ({
    subject: t('finals.mail-subject', { competition: nameOf(competition, language), hours }),
    paragraphs: [
      t('finals.mail-close', { team: rows[0]!.team, at: mailInstant(closesAt, competition.timeZone, language), hours }),
      ...(finals === null
        ? []
        : [
            t('finals.mail-no-pick', { file: finals.counted[0]?.fileName || t('upload.unnamed') }),
            { label: t('finals.mail-pick-link'), url: `${place}/submissions` },
          ]),
      ...(needsCard
        ? [t('finals.mail-no-card'), { label: t('finals.mail-card-link'), url: `${place}/team/method` }]
        : []),
    ],
  }));
  return people.length > 0;
}
