import { and, asc, eq, lte, max, sql } from 'drizzle-orm';
import { type Competition, isRevealDue, isRevealed } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { lockCompetition } from '#lib/db/competition-lock.ts';
import { type Act, updateCompetition } from '#lib/db/competitions.ts';
import { announce, requestBoard } from '#lib/db/live.ts';
import { competitions, resultVersions, revealedSteps, reveals } from '#lib/db/schema.ts';
import { RefusedError } from '#lib/errors.ts';
import type { News } from '#lib/live-news.ts';
import type { RevealState, RevealStep } from '#lib/reveal.ts';

/*
 * A reveal as it goes on: which steps are open, and which of them is shown. The steps themselves are hidden rows of the scoring side;
 * the database gives the web those that are open.
 */

/**
 * `next` opens a step or goes on through open ones, `back` shows the one before again, `all` opens everything and ends it; `leave` takes
 * the hall back to what it saw before, and `return` shows the same step again.
 */
export const moves = ['next', 'back', 'all', 'leave', 'return'] as const;
export type Move = (typeof moves)[number];

/** Null before it has begun. */
export async function findReveal(db: Connection, competitionId: string): Promise<RevealState | null> {
  const rows = await db
    .select({
      revision: reveals.revision,
      isShown: reveals.isShown,
      position: reveals.position,
      body: revealedSteps.body,
    })
    .from(reveals)
    .innerJoin(
      revealedSteps,
      and(eq(revealedSteps.competitionId, reveals.competitionId), lte(revealedSteps.step, reveals.opened)),
    )
    .where(eq(reveals.competitionId, competitionId))
    .orderBy(asc(revealedSteps.step));
  const first = rows[0];
  if (first === undefined) return null;
  const { revision, isShown, position } = first;
  return { revision, isShown, position, steps: rows.map(({ body }) => readStep(body)) };
}

/** What the audience is told with every press: all that is open, so that whoever comes late has missed nothing. */
export async function findRevealNews(db: Connection, competitionId: string): Promise<News | null> {
  const state = await findReveal(db, competitionId);
  return state && { kind: 'reveal', version: state.revision, body: JSON.stringify(state) };
}

/** The newest result that has been made, and the one that the reveal shows; null where there is none yet. */
export async function findResultVersions(
  db: Connection,
  competitionId: string,
): Promise<{ newest: number | null; shown: number | null }> {
  const made = await db
    .select({ newest: max(resultVersions.version) })
    .from(resultVersions)
    .where(eq(resultVersions.competitionId, competitionId));
  const shown = await db
    .select({ version: reveals.resultVersion })
    .from(reveals)
    .where(eq(reveals.competitionId, competitionId));
  return { newest: made[0]?.newest ?? null, shown: shown[0]?.version ?? null };
}

/**
 * Lets a staged reveal begin now: the instant of the reveal moves, and the scoring side makes the result. Refuses before the close
 * ('reveal-too-early') and once everything is open ('already-revealed').
 */
export async function callReveal(db: Connection, competitionId: string, act: Act & { reason: string }): Promise<void> {
  await db.transaction(async (tx) => {
    const competition = await lockCompetition(tx, competitionId);
    const now = await readClock(tx);
    if (competition.publishedAt === null || now < competition.submissionsEndAt) {
      throw new RefusedError('reveal-too-early', 409);
    }
    if (isRevealed(competition, now)) throw new RefusedError('already-revealed', 409);
    if (isRevealDue(competition, now)) return;
    if (act.reason.trim() === '') throw new RefusedError('no-reason', 422);
    await updateCompetition(tx, competitionId, { revealsAt: now, revealMode: 'staged' }, act);
  });
}

/**
 * One press of the remote. `expected` is the revision that it was made upon, 0 where nothing is shown yet: of two presses at once the
 * second is refused ('reveal-moved'). So is a step beyond the last or before the first ('no-more-steps'), and any before the scoring
 * side has made the result ('result-not-made'). The last step ends the reveal: everything else that waited for it opens.
 */
export async function pressReveal(
  db: Connection,
  competitionId: string,
  { move, expected }: { move: Move; expected: number },
  by: Act | { linkId: string },
): Promise<RevealState> {
  const act = { actorId: 'actorId' in by ? by.actorId : null };
  return db.transaction(async (tx) => {
    const competition = await lockCompetition(tx, competitionId);
    if (expected === 0) await begin(tx, competitionId);
    if (move === 'all') await end(tx, competition, act);
    if (expected > 0) await moveOn(tx, competitionId, move, expected);
    else if (move === 'all') await moveOn(tx, competitionId, move, 1);
    const state = await findReveal(tx, competitionId);
    if (state === null) throw new RefusedError('result-not-made', 409);
    if (move === 'next' && state.steps.at(-1)?.kind === 'end') await end(tx, competition, act);
    const details = { move, position: state.position, ...('linkId' in by ? { link: by.linkId } : {}) };
    await recordEvent(tx, { ...act, competitionId, kind: 'reveal-moved', subject: competitionId, details });
    await announce(tx, competitionId);
    return state;
  });
}

/** Shows a result that was made since from the start: what had been shown before is overtaken. */
export async function restartReveal(
  db: Connection,
  competitionId: string,
  act: Act & { reason: string },
): Promise<void> {
  if (act.reason.trim() === '') throw new RefusedError('no-reason', 422);
  await db.transaction(async (tx) => {
    const { newest, shown } = await findResultVersions(tx, competitionId);
    if (newest === null || shown === null || newest === shown) throw new RefusedError('no-newer-result', 409);
    await tx
      .update(reveals)
      .set({ resultVersion: newest, opened: 0, position: 0, revision: sql`${reveals.revision} + 1` })
      .where(eq(reveals.competitionId, competitionId));
    await recordEvent(tx, { ...act, competitionId, kind: 'reveal-restarted', subject: competitionId });
    await announce(tx, competitionId);
  });
}

/** The first step, of the newest result. */
async function begin(tx: Connection, competitionId: string): Promise<void> {
  const { newest } = await findResultVersions(tx, competitionId);
  if (newest === null) throw new RefusedError('result-not-made', 409);
  const begun = await tx
    .insert(reveals)
    .values({ competitionId, resultVersion: newest })
    .onConflictDoNothing()
    .returning();
  if (begun.length === 0) throw new RefusedError('reveal-moved', 409);
}

async function moveOn(tx: Connection, competitionId: string, move: Move, expected: number): Promise<void> {
  const last = move === 'all' ? await lastStep(tx, competitionId) : null;
  const to = {
    next: sql`${reveals.position} + 1`,
    back: sql`${reveals.position} - 1`,
    all: sql`${last}`,
    leave: sql`${reveals.position}`,
    return: sql`${reveals.position}`,
  }[move];
  const moved = await tx
    .update(reveals)
    .set({
      position: to,
      opened: sql`greatest(${reveals.opened}, ${to})`,
      isShown: move !== 'leave',
      revision: sql`${reveals.revision} + 1`,
    })
    .where(and(eq(reveals.competitionId, competitionId), eq(reveals.revision, expected), sql`${to} >= 0`))
    .returning();
  const row = moved[0];
  if (row === undefined) {
    const stands = await tx
      .select({ revision: reveals.revision })
      .from(reveals)
      .where(eq(reveals.competitionId, competitionId));
    throw new RefusedError(stands[0]?.revision === expected ? 'no-more-steps' : 'reveal-moved', 409);
  }
  if ((await lastStep(tx, competitionId)) < row.position) throw new RefusedError('no-more-steps', 409);
}

/** The highest step that the database gives out now. */
async function lastStep(tx: Connection, competitionId: string): Promise<number> {
  const rows = await tx
    .select({ step: max(revealedSteps.step) })
    .from(revealedSteps)
    .where(eq(revealedSteps.competitionId, competitionId));
  return rows[0]?.step ?? -1;
}

/** Opens what waited for the last step: result, labels, board, late files. */
async function end(tx: Connection, competition: Competition, act: Act): Promise<void> {
  const { id: competitionId } = competition;
  if (isRevealed(competition, await readClock(tx))) return;
  await tx.update(competitions).set({ revealEndedAt: sql`rostrum_now()` }).where(eq(competitions.id, competitionId));
  await recordEvent(tx, { ...act, competitionId, kind: 'reveal-ended', subject: competitionId });
  await requestBoard(tx, competitionId);
}

function readStep(body: string): RevealStep {
  const step: RevealStep = JSON.parse(body);
  return step;
}
