import { eq, sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import type { TeamKey } from '#lib/db/adjustments.ts';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { holdCompetition } from '#lib/db/competition-lock.ts';
import { type Candidate, listCandidatesByTeam } from '#lib/db/finals.ts';
import { requestBoard } from '#lib/db/live.ts';
import { type MailedAct, mailPeople } from '#lib/db/notices.ts';
import { eligibilityMarks } from '#lib/db/schema.ts';
import { lockTeam } from '#lib/db/teams.ts';
import { NotFoundError } from '#lib/errors.ts';
import { chooseFinals, type Finals } from '#lib/finals.ts';
import type { MethodCard } from '#lib/method-card.ts';

/*
 * Who is ranked. Organisers decide, with a reason that the team is told; where nobody has decided, a team is ranked.
 */

export type Mark = { isRanked: boolean; reason: string; decidedAt: Date };
export type TeamEligibility = {
  id: string;
  name: string;
  isGuest: boolean;
  members: number;
  card: (MethodCard & { editedAt: Date }) | null;
  isReopened: boolean;
  mark: Mark | null;
  finals: Finals<Candidate>;
};

/** Teams that still are, by name, with what organisers decide by. */
export async function listEligibility(db: Connection, competition: Competition): Promise<TeamEligibility[]> {
  type Row = Omit<TeamEligibility, 'finals' | 'card' | 'mark'> & {
    card: (MethodCard & { editedAt: string }) | null;
    mark: (Omit<Mark, 'decidedAt'> & { decidedAt: string }) | null;
  };
  const { rows } = await db.execute<Row>(sql`
    select t.id, t.name, t.is_guest as "isGuest",
      (select count(*)::integer from team_members m where m.team_id = t.id) as members,
      case when c.team_id is not null then json_build_object('model', c.model, 'data', c.data,
        'externalServices', c.external_services, 'codeLink', c.code_link, 'codeCommit', c.code_commit,
        'editedAt', c.edited_at) end as card,
      p.team_id is not null as "isReopened",
      case when e.team_id is not null then json_build_object('isRanked', e.is_ranked, 'reason', e.reason,
        'decidedAt', e.decided_at) end as mark
    from teams t
    left join method_cards c on c.team_id = t.id
    left join method_card_permissions p on p.team_id = t.id
    left join eligibility_marks e on e.team_id = t.id
    where t.competition_id = ${competition.id} and t.kind = 'team' and t.disbanded_at is null
    order by t.name_key, t.id`);
  const entries = await listCandidatesByTeam(db, competition.id);
  return rows.map(({ card, mark, ...row }) => ({
    ...row,
    card: card && { ...card, editedAt: new Date(card.editedAt) },
    mark: mark && { ...mark, decidedAt: new Date(mark.decidedAt) },
    finals: chooseFinals(entries.get(row.id) ?? []),
  }));
}

/** The decision of one team; null where nobody has decided. */
export async function findMark(db: Connection, teamId: string): Promise<Mark | null> {
  const rows = await db.select().from(eligibilityMarks).where(eq(eligibilityMarks.teamId, teamId));
  return rows[0] ?? null;
}

/**
 * Ranks a team or takes it out of the ranking, and writes to its members why. Refuses with 'no-reason'. The competition's row is
 * held, so that a result that is being made has the decision or is made again.
 */
export async function markTeam(db: Connection, key: TeamKey, isRanked: boolean, act: MailedAct): Promise<void> {
  const reason = reasonOf(act);
  await db.transaction(async (tx) => {
    const competition = await holdCompetition(tx, key.competitionId);
    const team = await lockTeam(tx, key.teamId);
    if (team.competitionId !== competition.id || team.kind !== 'team') throw new NotFoundError('team', team.id);
    const decided = { isRanked, reason, decidedBy: act.actorId, decidedAt: await readClock(tx) };
    await tx
      .insert(eligibilityMarks)
      .values({ teamId: team.id, ...decided })
      .onConflictDoUpdate({ target: eligibilityMarks.teamId, set: decided });
    const kind = isRanked ? 'team-ranked' : 'team-unranked';
    const { actorId } = act;
    await recordEvent(tx, { actorId, competitionId: competition.id, kind, subject: team.id, reason });
    await tellMembers(tx, competition, { teamId: team.id, name: team.name, isRanked, reason }, act.site);
    await requestBoard(tx, competition.id);
  });
}

type Decision = { teamId: string; name: string; isRanked: boolean; reason: string };

async function tellMembers(tx: Connection, competition: Competition, decision: Decision, site: string): Promise<void> {
  const { rows } = await tx.execute<{ id: string }>(
    sql`select user_id as id from team_members where team_id = ${decision.teamId}`,
  );
  const kind = decision.isRanked ? 'ranked' : 'unranked';
  await mailPeople(
    tx,
    rows.map(({ id }) => id),
    { category: 'decisions', competitionId: competition.id },
    (language, t) => ({
      subject: t('eligibility.mail-subject', { competition: nameOf(competition, language) }),
      paragraphs: [
        t(`eligibility.mail-${kind}`, { team: decision.name }),
        t('eligibility.mail-reason', { reason: decision.reason }),
        t('eligibility.mail-reply'),
        { label: t('eligibility.mail-link'), url: `${site}/c/${competition.slug}/team/method` },
      ],
    }),
  );
}
