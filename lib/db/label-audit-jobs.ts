import { eq, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import type { LabelAudit } from '#lib/db/label-audits.ts';
import { auditOutputs, labelAudits, labelSuspects } from '#lib/db/schema.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { claimed, failed, isFree, isHeld, leaseFrom } from '#lib/db/work-claims.ts';

/*
 * The worker's side of an audit of labels, claimed as work-claims.ts says.
 */

/** So many systems are heard at most: files of the organisers' first, then the best entries. */
const mostSystems = 24;
/** Of a large split fewer, but these at least: all texts are in memory together, a kilobyte each. */
const mostTexts = 500_000;
const fewestSystems = 4;
/** Nobody listens to more of them, and the least sure are mostly right. */
export const mostSuspects = 500;

/** A file that is heard. */
export type AuditedFile = { kind: 'file' | 'submission'; id: string; format: string | null };

export type FoundSuspect = {
  id: string;
  logOdds: number;
  wordings: string[];
  consensus: string;
  hypotheses: string[];
};

export type AuditFindings = {
  systems: LabelAudit['systems'];
  audited: number;
  effectiveSystems: number;
  suspects: readonly FoundSuspect[];
};

/** Takes an audit that nobody works on; null if somebody does, or it is over. */
export async function claimLabelAudit(db: Connection, id: string, leaseSeconds: number): Promise<LabelAudit | null> {
  const rows = await db
    .update(labelAudits)
    .set(claimed(labelAudits, leaseSeconds))
    .where(isFree(labelAudits, id))
    .returning();
  return rows[0] ?? null;
}

/** Keeps the claim alive; false if it is another attempt's by now. */
export async function renewLabelAudit(db: Connection, claim: LabelAudit, leaseSeconds: number): Promise<boolean> {
  const rows = await db
    .update(labelAudits)
    .set({ leaseUntil: leaseFrom(leaseSeconds) })
    .where(isHeld(labelAudits, claim))
    .returning({ id: labelAudits.id });
  return rows.length > 0;
}

/**
 * What an audit hears, in an order that tells nothing of teams: files of the organisers', and of every team, the baseline's too, the
 * entry with fewest errors under the labels in force. Voided entries are not heard.
 */
export async function listAuditedFiles(db: Connection, competitionId: string): Promise<AuditedFile[]> {
  const { rows } = await db.execute<AuditedFile>(sql`
    select kind, id, format from (
      select 'file' as kind, o.id, o.format, -1 as errors from hidden.audit_outputs o
      where o.competition_id = ${competitionId} and o.removed_at is null
      union all
      select 'submission', id, format, errors from (
        select distinct on (s.team_id) s.id, s.format,
          sum(n.substitutions + n.deletions + n.insertions)::integer as errors
        from submissions s
        join competitions c on c.id = s.competition_id
        join hidden.counts n on n.submission_id = s.id and n.label_version = c.label_version
        where s.competition_id = ${competitionId} and s.split = 'test' and s.state = 'scored' and s.voided_at is null
        group by s.id order by s.team_id, errors, s.sequence) best
      order by errors, id
      limit least(${mostSystems}, greatest(${fewestSystems}, ${mostTexts} / (
        select count(*) + 1 from utterances u where u.competition_id = ${competitionId} and u.split = 'test')))) chosen
    order by kind, random()`);
  return rows;
}

/** The bytes as they were sent. */
export async function getAuditedFile(db: Connection, { kind, id }: AuditedFile): Promise<Buffer> {
  if (kind === 'submission') return getSubmittedFile(db, id);
  const rows = await db.select({ content: auditOutputs.content }).from(auditOutputs).where(eq(auditOutputs.id, id));
  return rows[0]!.content;
}

/** Ends the audit with what it found, in place of what the one before had; false where it is another attempt's by now. */
export async function recordLabelAudit(
  db: Connection,
  claim: LabelAudit,
  { suspects, ...found }: AuditFindings,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .update(labelAudits)
      .set({ state: 'done', ...found, leaseUntil: null, finishedAt: sql`rostrum_now()` })
      .where(isHeld(labelAudits, claim))
      .returning({ id: labelAudits.id });
    if (rows.length === 0) return false;
    await tx.execute(sql`
      delete from hidden.label_suspects s using hidden.label_audits a
      where a.id = s.audit_id and a.competition_id = ${claim.competitionId}`);
    const values = suspects.map(({ id: utteranceId, ...suspect }) => ({ auditId: claim.id, utteranceId, ...suspect }));
    if (values.length > 0) await tx.insert(labelSuspects).values(values);
    return true;
  });
}

/** `failure` is a code with a sentence: `audit.failure-…`. */
export async function recordLabelAuditFailed(db: Connection, claim: LabelAudit, failure: string): Promise<void> {
  await db.update(labelAudits).set(failed(failure)).where(isHeld(labelAudits, claim));
}
