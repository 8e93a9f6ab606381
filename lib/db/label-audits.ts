import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
import type { Act } from '#lib/db/competitions.ts';
import { enqueue } from '#lib/db/jobs.ts';
import { editLabels, findDraft, type LabelEdit, type ReasonedAct } from '#lib/db/label-drafts.ts';
import {
  auditOutputs,
  labelAudits,
  labelDismissals,
  labelFlags,
  labelSuspects,
  submissions,
  teams,
} from '#lib/db/schema.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import type { AuditFilter, AuditOutput, FlagNote } from '#lib/label-audit.ts';
import type { LabelText } from '#lib/label-desk.ts';

/*
 * Audits of labels: which utterances systems, or teams, think wrong, and what organisers made of it. Only the scoring side and the
 * owner can call this.
 */

export type LabelAudit = typeof labelAudits.$inferSelect;

/** Files for audits alone; more would take long and say little more. */
const mostOutputs = 16;

export type NewAuditOutput = { name: string; format: string; content: Buffer };

/** Keeps a file that was read without problems. */
export async function addAuditOutput(
  db: Connection,
  competitionId: string,
  { name, ...output }: NewAuditOutput,
  { actorId }: Act,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockCompetition(tx, competitionId);
    const kept = await listAuditOutputs(tx, competitionId);
    if (kept.length >= mostOutputs) throw new RefusedError('audit-files-too-many', 409, { limit: mostOutputs });
    const values = { competitionId, ...output, name: name.slice(0, 200) || output.format, addedBy: actorId };
    const rows = await tx.insert(auditOutputs).values(values).returning({ id: auditOutputs.id });
    const { id: subject } = one(rows, 'file', name);
    await recordEvent(tx, { actorId, competitionId, kind: 'audit-file-added', subject });
  });
}

/** No audit hears it any more. */
export async function removeAuditOutput(
  db: Connection,
  competitionId: string,
  id: string,
  { actorId }: Act,
): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx
      .update(auditOutputs)
      .set({ removedAt: sql`rostrum_now()` })
      .where(
        and(eq(auditOutputs.competitionId, competitionId), eq(auditOutputs.id, id), isNull(auditOutputs.removedAt)),
      )
      .returning({ id: auditOutputs.id });
    const { id: subject } = one(rows, 'file', id);
    await recordEvent(tx, { actorId, competitionId, kind: 'audit-file-removed', subject });
  });
}

export async function listAuditOutputs(db: Connection, competitionId: string): Promise<AuditOutput[]> {
  const { id, name, format, addedAt, removedAt } = auditOutputs;
  const rows = await db
    .select({ id, name, format, addedAt })
    .from(auditOutputs)
    .where(and(eq(auditOutputs.competitionId, competitionId), isNull(removedAt)))
    .orderBy(addedAt, id);
  return rows.map((row) => ({ ...row, addedAt: row.addedAt.toISOString() }));
}

/** Names of files that audits have heard, those that were removed since too. */
export async function nameAuditOutputs(db: Connection, competitionId: string): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: auditOutputs.id, name: auditOutputs.name })
    .from(auditOutputs)
    .where(eq(auditOutputs.competitionId, competitionId));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Names of the teams of entries. */
export async function nameAuditedTeams(db: Connection, competitionId: string): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: submissions.id, name: teams.name })
    .from(submissions)
    .innerJoin(teams, eq(teams.id, submissions.teamId))
    .where(and(eq(submissions.competitionId, competitionId), eq(submissions.split, 'test')));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Asks the worker to audit the draft, or where there is none the labels in force. One at a time. */
export async function requestLabelAudit(db: Connection, competitionId: string, actorId: string | null): Promise<void> {
  await db.transaction(async (tx) => {
    const { labelVersion: inForce } = await lockCompetition(tx, competitionId);
    const labelVersion = (await findDraft(tx, competitionId))?.version ?? inForce;
    if (labelVersion === 0) throw new RefusedError('labels-none', 409);
    const rows = await tx
      .insert(labelAudits)
      .values({ competitionId, labelVersion, requestedBy: actorId })
      .onConflictDoNothing()
      .returning({ id: labelAudits.id });
    const created = rows[0];
    if (created === undefined) throw new RefusedError('audit-running', 409);
    await enqueue(tx, { kind: 'audit-labels', id: created.id });
    await recordEvent(tx, { actorId, competitionId, kind: 'label-audit-requested', subject: created.id });
  });
}

/** Of any state, or the last that came to an end well. */
export async function findLastAudit(db: Connection, competitionId: string, state?: 'done'): Promise<LabelAudit | null> {
  const rows = await db
    .select()
    .from(labelAudits)
    .where(and(eq(labelAudits.competitionId, competitionId), state && eq(labelAudits.state, state)))
    .orderBy(desc(labelAudits.createdAt))
    .limit(1);
  return rows[0] ?? null;
}

/** An utterance in question with its label as it stands in `labelVersion`. */
export type QuestionedLabel = {
  id: string;
  seconds: number | null;
  label: LabelText;
  state: AuditFilter;
  suspicion: { logOdds: number; wordings: readonly string[]; consensus: string; hypotheses: readonly string[] } | null;
  flags: FlagNote[];
  dismissal: { reason: string; by: string | null; at: string } | null;
};

type QuestionedRow = Omit<QuestionedLabel, 'label' | 'suspicion' | 'dismissal'> &
  LabelText & {
    logOdds: number | null;
    wordings: string[] | null;
    consensus: string | null;
    hypotheses: string[] | null;
    reason: string | null;
    by: string | null;
    at: string | null;
  };

/**
 * What the last audit suspects and what teams flagged. Where a team waits comes first, then the surest. A label that is no longer what
 * was audited, or counts no more, is 'changed': give a draft up, and it is open again.
 */
export async function listQuestioned(
  db: Connection,
  competitionId: string,
  labelVersion: number,
  { only, offset, limit }: { only: AuditFilter; offset: number; limit: number },
): Promise<QuestionedLabel[]> {
  const { rows } = await db.execute<QuestionedRow>(sql`
    select id, seconds, reference, alternatives, excluded, state, log_odds as "logOdds", wordings, consensus, hypotheses,
      coalesce(notes, '[]') as flags, reason, by, at
    from (${questioned(competitionId, labelVersion)}) q
    where state = ${only}
    order by coalesce(waiting, 0) > 0 desc, log_odds desc nulls last, position offset ${offset} limit ${limit}`);
  return rows.map(({ reference, alternatives, excluded, logOdds, wordings, consensus, hypotheses, ...row }) => {
    const { reason, by, at, ...rest } = row;
    return {
      ...rest,
      label: { reference, alternatives, excluded },
      suspicion:
        logOdds === null || wordings === null || consensus === null || hypotheses === null
          ? null
          : { logOdds, wordings, consensus, hypotheses },
      flags: row.flags.map((flag) => ({ ...flag, at: new Date(flag.at).toISOString() })),
      dismissal: reason === null || at === null ? null : { reason, by, at: new Date(at).toISOString() },
    };
  });
}

export async function countQuestioned(
  db: Connection,
  competitionId: string,
  labelVersion: number,
): Promise<Record<AuditFilter, number>> {
  const { rows } = await db.execute<Record<AuditFilter, number>>(sql`
    select count(*) filter (where state = 'open')::integer as open,
      count(*) filter (where state = 'changed')::integer as changed,
      count(*) filter (where state = 'dismissed')::integer as dismissed
    from (${questioned(competitionId, labelVersion)}) q`);
  return rows[0]!;
}

/** Each is looked up by its key, since splits are large and what is in question is little. */
function questioned(competitionId: string, labelVersion: number) {
  return sql`
    with suspects as (
      select s.* from hidden.label_suspects s where s.audit_id = (
        select a.id from hidden.label_audits a where a.competition_id = ${competitionId} and a.state = 'done'
        order by a.created_at desc limit 1)),
    flags as (
      select f.utterance_id, count(*) filter (where f.looked_at is null) as waiting,
        jsonb_agg(jsonb_build_object('note', f.note, 'at', f.flagged_at, 'isLookedAt', f.looked_at is not null)
          order by f.flagged_at) as notes
      from label_flags f where f.competition_id = ${competitionId} group by f.utterance_id)
    select u.id, u.seconds, u.position, r.reference, r.alternatives, r.excluded, s.log_odds, s.wordings, s.consensus,
      s.hypotheses, f.waiting, f.notes, d.reason, d.by, d.at,
      case when f.waiting > 0 then 'open'
        when r.excluded or array_prepend(r.reference, r.alternatives) <> s.wordings then 'changed'
        when d.at is not null or s.consensus is null then 'dismissed'
        else 'open' end as state
    from suspects s full join flags f using (utterance_id)
    cross join lateral (
      select * from utterances u where u.competition_id = ${competitionId} and u.id = utterance_id limit 1) u
    cross join lateral (
      select * from hidden.test_references r
      where r.competition_id = ${competitionId} and r.label_version = ${labelVersion} and r.utterance_id = u.id limit 1) r
    left join lateral (
      select l.reason, p.name as by, l.dismissed_at as at
      from hidden.label_dismissals l left join users p on p.id = l.dismissed_by
      where l.competition_id = ${competitionId} and l.utterance_id = u.id
        and l.wordings = s.wordings and l.consensus = s.consensus
      order by l.id desc limit 1) d on true`;
}

/**
 * What somebody who listened made of an utterance in question: another label, which goes into the draft, or null where it is right. Teams that
 * flagged it are told that somebody looked, and the same either way. A dismissal holds until the label or what is heard instead changes.
 */
export async function answerQuestioned(
  db: Connection,
  competitionId: string,
  { id, label }: { id: string; label: Omit<LabelEdit, 'id'> | null },
  act: ReasonedAct,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockCompetition(tx, competitionId);
    const { actorId, reason } = act;
    const suspicion = await findSuspicion(tx, competitionId, id);
    const flagged = await tx
      .update(labelFlags)
      .set({ lookedAt: sql`rostrum_now()`, lookedBy: actorId })
      .where(
        and(eq(labelFlags.competitionId, competitionId), eq(labelFlags.utteranceId, id), isNull(labelFlags.lookedAt)),
      )
      .returning({ teamId: labelFlags.teamId });
    if (suspicion === null && flagged.length === 0) throw new NotFoundError('question', id);
    if (label !== null) await editLabels(tx, competitionId, [{ id, ...label }], act);
    else if (suspicion !== null) {
      const { wordings, consensus } = suspicion;
      await tx
        .insert(labelDismissals)
        .values({ competitionId, utteranceId: id, wordings, consensus, reason, dismissedBy: actorId });
    }
    // Which utterance it was, and what came of it, stays hidden: the web may read the log.
    await recordEvent(tx, { actorId, competitionId, kind: 'label-looked-at', subject: competitionId });
  });
}

async function findSuspicion(tx: Connection, competitionId: string, id: string) {
  const audit = await findLastAudit(tx, competitionId, 'done');
  if (audit === null) return null;
  const rows = await tx
    .select()
    .from(labelSuspects)
    .where(and(eq(labelSuspects.auditId, audit.id), eq(labelSuspects.utteranceId, id)));
  return rows[0] ?? null;
}
