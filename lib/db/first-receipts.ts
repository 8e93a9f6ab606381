import { sql } from 'drizzle-orm';
import { nameOf } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { mailPeople } from '#lib/db/notices.ts';
import { claimTelling } from '#lib/db/tellings.ts';
import { mailInstant } from '#lib/mail/instant.ts';

/*
 * A mail to a team whose first file for test was received: once in a competition, and without a score. Derived from the rows that
 * uploads leave, so that no upload waits for it.
 */

type First = { teamId: string; team: string; competitionId: string; fileName: string; receivedAt: string };

export async function mailFirstReceipts(db: Connection, site: string): Promise<void> {
  for (const first of await listUntold(db)) await db.transaction((tx) => mailMembers(tx, first, site));
}

/** Of teams whose first file is younger than half a day: of others nobody waits to hear. */
async function listUntold(db: Connection): Promise<First[]> {
  const { rows } = await db.execute<First>(sql`
    with clock as materialized (select rostrum_now() as now)
    select t.id as "teamId", t.name as team, t.competition_id as "competitionId",
      s.file_name as "fileName", s.received_at as "receivedAt"
    from clock, competitions c
    join teams t on t.competition_id = c.id and t.kind = 'team' and t.disbanded_at is null and not t.is_demo
    join lateral (
      select file_name, received_at from submissions
      where team_id = t.id and split = 'test' and state <> 'rejected' and not late
      order by sequence limit 1) s on true
    where c.submissions_start_at <= now and c.submissions_end_at > now - interval '30 days'
      and not exists (select from mailed_events where subject = t.id and kind = 'first-receipt')
      and s.received_at > now - interval '12 hours'`);
  return rows;
}

async function mailMembers(tx: Connection, first: First, site: string): Promise<void> {
  const { teamId, team, competitionId, fileName } = first;
  const at = new Date(first.receivedAt);
  if (!(await claimTelling(tx, { subject: teamId, kind: 'first-receipt', at }))) return;
  const competition = await getCompetitionById(tx, competitionId);
  const { rows } = await tx.execute<{ id: string }>(
    sql`select user_id as id from team_members where team_id = ${teamId}`,
  );
  const people = rows.map(({ id }) => id);
  await mailPeople(tx, people, { category: 'receipts', competitionId }, (language, t) => ({
    subject: t('mail.receipt-subject', { competition: nameOf(competition, language) }),
    paragraphs: [
      t('mail.receipt-text', {
        team,
        file: fileName || t('upload.unnamed'),
        at: mailInstant(at, competition.timeZone, language),
      }),
      t('mail.receipt-next'),
      { label: t('mail.receipt-link'), url: `${site}/c/${competition.slug}/submissions` },
    ],
  }));
}
