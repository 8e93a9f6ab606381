import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { reasonOf, recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
import { enqueue } from '#lib/db/jobs.ts';
import type { ReasonedAct } from '#lib/db/label-drafts.ts';
import { teamComparisons, teamPairs, teams } from '#lib/db/schema.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import type { ListedPair, PairEvidence, PairExample, PairNote, PairSide } from '#lib/evidence.ts';

/*
 * Evidence for who decides on eligibility: comparisons of teams in pairs, and what organisers make of them. Only the scoring side and the
 * owner can call this.
 */

export type TeamComparison = typeof teamComparisons.$inferSelect;

/** Asks the worker to compare all teams, by the labels in force. One at a time. */
export async function requestComparison(db: Connection, competitionId: string, actorId: string | null): Promise<void> {
  await db.transaction(async (tx) => {
    const { labelVersion } = await lockCompetition(tx, competitionId);
    if (labelVersion === 0) throw new RefusedError('labels-none', 409);
    const rows = await tx
      .insert(teamComparisons)
      .values({ competitionId, labelVersion, requestedBy: actorId })
      .onConflictDoNothing()
      .returning({ id: teamComparisons.id });
    const created = rows[0];
    if (created === undefined) throw new RefusedError('comparison-running', 409);
    await enqueue(tx, { kind: 'compare-teams', id: created.id });
    await recordEvent(tx, { actorId, competitionId, kind: 'team-comparison-requested', subject: created.id });
  });
}

/** Of any state, or the last that came to an end well. */
export async function findLastComparison(
  db: Connection,
  competitionId: string,
  state?: 'done',
): Promise<TeamComparison | null> {
  const rows = await db
    .select()
    .from(teamComparisons)
    .where(and(eq(teamComparisons.competitionId, competitionId), state && eq(teamComparisons.state, state)))
    .orderBy(desc(teamComparisons.createdAt))
    .limit(1);
  return rows[0] ?? null;
}

/** The pairs of the last comparison that is done, those that stand out first, with all notes on them, the oldest first. */
export async function listPairs(db: Connection, competitionId: string): Promise<ListedPair[]> {
  type Row = { figures: PairEvidence; examples: number; first: PairSide; second: PairSide; notes: PairNote[] };
  const side = (which: 'first' | 'second') => sql`(
    select jsonb_build_object('teamId', t.id, 'team', t.name, 'submissionId', s.id, 'fileName', s.file_name)
    from submissions s join teams t on t.id = s.team_id where s.id = p.${sql.identifier(`${which}_submission`)})`;
  const { rows } = await db.execute<Row>(sql`
    select p.figures, jsonb_array_length(p.examples) as examples, ${side('first')} as first, ${side('second')} as second,
      coalesce((
        select jsonb_agg(jsonb_build_object('note', n.note, 'by', u.name, 'at', n.noted_at) order by n.id)
        from hidden.team_pair_notes n left join users u on u.id = n.noted_by
        where n.competition_id = ${competitionId} and n.first_team = p.first_team and n.second_team = p.second_team
      ), '[]') as notes
    from hidden.team_pairs p where p.comparison_id = (${lastDone(competitionId)}) order by p.place`);
  return rows.map(({ first, second, notes, ...row }) => ({
    ...row,
    sides: [first, second],
    notes: notes.map((note) => ({ ...note, at: new Date(note.at).toISOString() })),
  }));
}

function lastDone(competitionId: string) {
  return sql`select c.id from hidden.team_comparisons c where c.competition_id = ${competitionId} and c.state = 'done'
    order by c.created_at desc limit 1`;
}

/** In the order of the sides of the pair, whichever is named first. */
export async function getExamples(db: Connection, competitionId: string, pair: TeamPairKey): Promise<PairExample[]> {
  const [first, second] = inOrder(pair);
  const rows = await db
    .select({ examples: teamPairs.examples })
    .from(teamPairs)
    .where(
      and(
        sql`${teamPairs.comparisonId} = (${lastDone(competitionId)})`,
        eq(teamPairs.firstTeam, first),
        eq(teamPairs.secondTeam, second),
      ),
    );
  return one(rows, 'pair', `${first} ${second}`).examples;
}

/** Two teams by their ids. */
export type TeamPairKey = readonly [string, string];

/** As the database keeps them. */
function inOrder([a, b]: TeamPairKey): TeamPairKey {
  return a < b ? [a, b] : [b, a];
}

/**
 * What somebody who looked at a pair makes of it; it changes nothing for the teams. The log says that a pair was looked at, and neither
 * which nor what came of it: the web may read it.
 */
export async function notePair(
  db: Connection,
  competitionId: string,
  pair: TeamPairKey,
  act: ReasonedAct,
): Promise<void> {
  const note = reasonOf(act);
  const [first, second] = inOrder(pair);
  await db.transaction(async (tx) => {
    const rows = await tx
      .select({ id: teams.id })
      .from(teams)
      .where(and(eq(teams.competitionId, competitionId), sql`${teams.id} in (${first}, ${second})`))
      .orderBy(asc(teams.id));
    if (rows.length !== 2) throw new NotFoundError('pair', `${first} ${second}`);
    const { actorId } = act;
    await tx.execute(sql`
      insert into hidden.team_pair_notes (competition_id, first_team, second_team, note, noted_by)
      values (${competitionId}, ${first}, ${second}, ${note}, ${actorId})`);
    await recordEvent(tx, { actorId, competitionId, kind: 'team-pair-looked-at', subject: competitionId });
  });
}
