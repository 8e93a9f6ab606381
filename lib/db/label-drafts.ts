import { and, eq, inArray, max, sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
import type { Act } from '#lib/db/competitions.ts';
import { labelEdits, labelVersions, rescores, testReferences } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import type { LabelText } from '#lib/label-desk.ts';

/*
 * Corrections of the hidden references. They gather in the competition's one draft, a whole label version of its own, which scores
 * nobody until it is applied (label-rescores.ts). Only the scoring side and the owner can call this.
 */

export type LabelVersion = typeof labelVersions.$inferSelect;

/** How an utterance shall stand; what is left out stays as it is. */
export type LabelEdit = { id: string } & Partial<LabelText>;
export type ReasonedAct = Act & { reason: string };

const rowsPerStatement = 1000;

export async function findDraft(db: Connection, competitionId: string): Promise<LabelVersion | null> {
  const rows = await db
    .select()
    .from(labelVersions)
    .where(and(eq(labelVersions.competitionId, competitionId), eq(labelVersions.state, 'draft')));
  return rows[0] ?? null;
}

/**
 * Makes the edits part of the draft, which begins here where there is none; returns how many utterances they changed. Refuses ids
 * that are not of the test split ('label-unknown'), and all edits while a rescore of the draft is under way.
 */
export async function editLabels(
  db: Connection,
  competitionId: string,
  edits: readonly LabelEdit[],
  act: ReasonedAct,
): Promise<number> {
  return db.transaction(async (tx) => {
    const competition = await lockCompetition(tx, competitionId);
    const draft = (await findDraft(tx, competitionId)) ?? (await openDraft(tx, competition, act));
    await requireNoRescore(tx, draft);
    const changed = await changedBy(tx, draft, edits);
    if (changed.length === 0) return 0;
    for (const part of chunks(changed)) await writeEdits(tx, draft, part, act);
    await tx
      .update(labelVersions)
      .set({ revision: sql`${labelVersions.revision} + 1` })
      .where(isVersion(draft));
    const details = { labelVersion: draft.version, utterances: changed.length };
    const { actorId } = act;
    await recordEvent(tx, { actorId, competitionId, kind: 'labels-edited', subject: competitionId, details });
    return changed.length;
  });
}

/** Gives the draft up: nothing of it ever counts. It stays in the history. */
export async function discardDraft(db: Connection, competitionId: string, act: ReasonedAct): Promise<void> {
  await db.transaction(async (tx) => {
    await lockCompetition(tx, competitionId);
    const draft = await getDraft(tx, competitionId);
    await requireNoRescore(tx, draft);
    await endDraft(tx, draft, 'discarded', act.reason);
    const details = { labelVersion: draft.version };
    await recordEvent(tx, { ...act, competitionId, kind: 'labels-discarded', subject: competitionId, details });
  });
}

/** The draft, or 'labels-no-draft'. */
export async function getDraft(db: Connection, competitionId: string): Promise<LabelVersion> {
  const draft = await findDraft(db, competitionId);
  if (draft === null) throw new RefusedError('labels-no-draft', 409);
  return draft;
}

/** What a rescore counts by must not move under it. */
export async function requireNoRescore(tx: Connection, draft: LabelVersion): Promise<void> {
  const underWay = await tx
    .select({ id: rescores.id })
    .from(rescores)
    .where(
      and(
        eq(rescores.competitionId, draft.competitionId),
        eq(rescores.labelVersion, draft.version),
        inArray(rescores.state, ['queued', 'running']),
      ),
    );
  if (underWay.length > 0) throw new RefusedError('rescore-running', 409);
}

export async function endDraft(
  tx: Connection,
  draft: LabelVersion,
  state: 'applied' | 'discarded',
  reason: string,
): Promise<void> {
  await tx.update(labelVersions).set({ state, reason, endedAt: sql`rostrum_now()` }).where(isVersion(draft));
}

/** No number is given twice: those of discarded drafts stay theirs. */
export async function nextLabelVersion(tx: Connection, competitionId: string): Promise<number> {
  const rows = await tx
    .select({ newest: max(labelVersions.version) })
    .from(labelVersions)
    .where(eq(labelVersions.competitionId, competitionId));
  return (rows[0]?.newest ?? 0) + 1;
}

async function openDraft(tx: Connection, competition: Competition, { actorId }: Act): Promise<LabelVersion> {
  const { id: competitionId, labelVersion: baseVersion } = competition;
  if (baseVersion === 0) throw new RefusedError('labels-none', 409);
  const version = await nextLabelVersion(tx, competitionId);
  const values = { competitionId, version, state: 'draft' as const, baseVersion, createdBy: actorId };
  const draft = one(await tx.insert(labelVersions).values(values).returning(), 'label version', String(version));
  await tx.execute(sql`
    insert into hidden.test_references
      (competition_id, label_version, utterance_id, reference, alternatives, speaker, slices, excluded)
    select competition_id, ${version}, utterance_id, reference, alternatives, speaker, slices, excluded
    from hidden.test_references where competition_id = ${competitionId} and label_version = ${baseVersion}`);
  return draft;
}

/** Of the edits those that change something, each with all of what it comes to. */
async function changedBy(
  tx: Connection,
  draft: LabelVersion,
  edits: readonly LabelEdit[],
): Promise<(LabelText & { id: string })[]> {
  const before = new Map<string, LabelText>();
  for (const part of chunks(edits)) {
    const ids = part.map(({ id }) => id);
    const rows = await tx
      .select()
      .from(testReferences)
      .where(and(isReferenceOf(draft), inArray(testReferences.utteranceId, ids)));
    for (const { utteranceId, reference, alternatives, excluded } of rows) {
      before.set(utteranceId, { reference, alternatives, excluded });
    }
  }
  return edits.flatMap(({ id, ...edit }) => {
    const standing = before.get(id);
    if (standing === undefined) throw new RefusedError('label-unknown', 422, { id });
    const wanted = { ...standing, ...edit };
    return isSameText(standing, wanted) ? [] : [{ id, ...wanted }];
  });
}

function isSameText(a: LabelText, b: LabelText): boolean {
  return (
    a.reference === b.reference &&
    a.excluded === b.excluded &&
    a.alternatives.length === b.alternatives.length &&
    a.alternatives.every((text, i) => text === b.alternatives[i])
  );
}

async function writeEdits(
  tx: Connection,
  draft: LabelVersion,
  edits: readonly (LabelText & { id: string })[],
  { actorId, reason }: ReasonedAct,
): Promise<void> {
  const { competitionId, version: labelVersion } = draft;
  const rows = edits.map(({ id, reference, alternatives, excluded }) => ({ id, reference, alternatives, excluded }));
  await tx.execute(sql`
    update hidden.test_references r
    set reference = e.reference, excluded = e.excluded,
      alternatives = array(select jsonb_array_elements_text(e.alternatives))
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as e (id text, reference text, alternatives jsonb, excluded boolean)
    where r.competition_id = ${competitionId} and r.label_version = ${labelVersion} and r.utterance_id = e.id`);
  await tx.insert(labelEdits).values(
    edits.map(({ id: utteranceId, reference, alternatives, excluded }) => ({
      competitionId,
      labelVersion,
      utteranceId,
      reference,
      alternatives: [...alternatives],
      excluded,
      reason,
      editedBy: actorId,
    })),
  );
}

function isVersion({ competitionId, version }: LabelVersion) {
  return and(eq(labelVersions.competitionId, competitionId), eq(labelVersions.version, version));
}

function isReferenceOf({ competitionId, version }: LabelVersion) {
  return and(eq(testReferences.competitionId, competitionId), eq(testReferences.labelVersion, version));
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / rowsPerStatement);
  return Array.from({ length: count }, (_, i) => items.slice(i * rowsPerStatement, (i + 1) * rowsPerStatement));
}
