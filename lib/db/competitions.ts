import { createHash } from 'node:crypto';
import { and, asc, desc, eq, getTableColumns, sql } from 'drizzle-orm';
import { type Competition, phase } from '#lib/competition.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one, readClock, violatedConstraint } from '#lib/db/client.ts';
import { requireFirstRung } from '#lib/db/ladder.ts';
import { announce, requestBoard } from '#lib/db/live.ts';
import { competitionRoles, competitions, ruleAcceptances, utterances } from '#lib/db/schema.ts';
import { NotFoundError, RefusedError } from '#lib/errors.ts';
import type { Mapping } from '#lib/mapping.ts';

export type Role = 'organiser' | 'assistant';
export type Viewer = { id: string; isAdministrator: boolean };
export type NewCompetition = Omit<
  typeof competitions.$inferInsert,
  'id' | 'createdAt' | 'createdBy' | 'labelVersion' | 'unit' | 'newsVersion' | 'revealEndedAt'
>;
export type CompetitionChange = Partial<Omit<NewCompetition, 'slug' | 'isDemo' | 'rulesVersion'>>;

/** Whose act it is and why; both go to the log. `actorId` is null for the owner's command line. */
export type Act = { actorId: string | null; reason?: string };

export async function findCompetition(db: Connection, slug: string): Promise<Competition | null> {
  const rows = await db.select().from(competitions).where(eq(competitions.slug, slug));
  return rows[0] ?? null;
}

export async function getCompetition(db: Connection, slug: string): Promise<Competition> {
  return one(await db.select().from(competitions).where(eq(competitions.slug, slug)), 'competition', slug);
}

export async function getCompetitionById(db: Connection, id: string): Promise<Competition> {
  return one(await db.select().from(competitions).where(eq(competitions.id, id)), 'competition', id);
}

/** As somebody may know of it: a draft is not found but by those who run it. */
export async function getVisibleCompetition(db: Connection, slug: string, viewer: Viewer | null): Promise<Competition> {
  const competition = await getCompetition(db, slug);
  await requireVisible(db, competition, viewer, await readClock(db));
  return competition;
}

/** Refuses a draft to who does not run it, as if there were none. */
export async function requireVisible(
  db: Connection,
  competition: Competition,
  viewer: Viewer | null,
  now: Date,
): Promise<void> {
  if (phase(competition, now) !== 'draft') return;
  const runsIt =
    viewer !== null && (viewer.isAdministrator || (await findRole(db, competition.id, viewer.id)) !== null);
  if (!runsIt) throw new NotFoundError('competition', competition.slug);
}

/** Drafts too, newest first: for the installation's owner. */
export async function listCompetitions(db: Connection): Promise<Competition[]> {
  return db.select().from(competitions).orderBy(desc(competitions.createdAt), asc(competitions.slug));
}

/** What everybody may know of, newest first. Drafts are known to their organisers only. */
export async function listPublishedCompetitions(db: Connection): Promise<Competition[]> {
  return db
    .select()
    .from(competitions)
    .where(sql`${competitions.publishedAt} <= rostrum_now()`)
    .orderBy(desc(competitions.submissionsStartAt), asc(competitions.slug));
}

export async function listCompetitionsRunBy(db: Connection, userId: string): Promise<Competition[]> {
  return db
    .select(getTableColumns(competitions))
    .from(competitions)
    .innerJoin(competitionRoles, eq(competitionRoles.competitionId, competitions.id))
    .where(eq(competitionRoles.userId, userId))
    .orderBy(desc(competitions.createdAt));
}

/** Whose rules the person accepted, the last accepted first. */
export async function listCompetitionsJoinedBy(db: Connection, userId: string): Promise<Competition[]> {
  return db
    .select(getTableColumns(competitions))
    .from(competitions)
    .innerJoin(ruleAcceptances, eq(ruleAcceptances.competitionId, competitions.id))
    .where(eq(ruleAcceptances.userId, userId))
    .orderBy(desc(ruleAcceptances.acceptedAt));
}

export async function findRole(db: Connection, competitionId: string, userId: string): Promise<Role | null> {
  const rows = await db
    .select({ role: competitionRoles.role })
    .from(competitionRoles)
    .where(and(eq(competitionRoles.competitionId, competitionId), eq(competitionRoles.userId, userId)));
  return rows[0]?.role ?? null;
}

/** A competition that is not published yet, open from now on for four weeks, but for what is given. */
export function competitionDefaults(slug: string, given: CompetitionChange, now: Date): NewCompetition {
  const submissionsStartAt = given.submissionsStartAt ?? now;
  const submissionsEndAt = given.submissionsEndAt ?? new Date(submissionsStartAt.getTime() + 28 * 24 * 3600 * 1000);
  return {
    slug,
    nameRu: slug,
    nameEn: slug,
    registrationStartsAt: now,
    registrationEndsAt: submissionsEndAt,
    teamChangesStartAt: now,
    teamChangesEndAt: submissionsEndAt,
    trainReleasedAt: now,
    devReleasedAt: now,
    testReleasedAt: submissionsStartAt,
    ...given,
    submissionsStartAt,
    submissionsEndAt,
  };
}

/** Makes a competition; its creator, where there is one, becomes its organiser. Refuses a slug that is taken. */
export async function createCompetition(db: Connection, competition: NewCompetition, act: Act): Promise<Competition> {
  try {
    return await db.transaction(async (tx) => {
      const rows = await tx
        .insert(competitions)
        .values({ ...competition, createdBy: act.actorId })
        .returning();
      const created = one(rows, 'competition', competition.slug);
      await requireFirstRung(tx, created);
      if (act.actorId !== null) await grantRole(tx, created.id, act.actorId, 'organiser', act);
      await recordEvent(tx, { ...act, competitionId: created.id, kind: 'competition-created', subject: created.id });
      return created;
    });
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** What scores and folds are made by: once a file is accepted, changing one is a rescore and no setting. */
const scoredBy = ['profile', 'mapping', 'publicFoldPercent'] as const satisfies readonly (keyof CompetitionChange)[];

/**
 * Refuses with 'licence-missing' where everybody sees a competition and it does not say whose its data are and what may be done with
 * them. A draft may do without: it is nobody's business yet.
 */
export function requireLicence({ publishedAt, licence, attribution }: Licensed): void {
  const isSaid = (licence ?? '').trim() !== '' && (attribution ?? '').trim() !== '';
  if (publishedAt && !isSaid) throw new RefusedError('licence-missing', 409);
}
type Licensed = Pick<CompetitionChange, 'publishedAt' | 'licence' | 'attribution'>;

/**
 * Changes what an organiser may change; a function is given the competition as it stands under the lock. Refuses to change what files have
 * been scored by. Every boundary that moves is logged with its old and new instant and the reason; new rules count as a new version,
 * which people accept again.
 */
export async function updateCompetition(
  db: Connection,
  id: string,
  wanted: CompetitionChange | ((before: Competition) => CompetitionChange),
  act: Act,
): Promise<Competition> {
  try {
    return await db.transaction(async (tx) => {
      const before = one(
        await tx.select().from(competitions).where(eq(competitions.id, id)).for('update'),
        'competition',
        id,
      );
      const change = typeof wanted === 'function' ? wanted(before) : wanted;
      const changed = differences(before, change);
      if (Object.keys(changed).length === 0) return before;
      // The lock above holds back files that come meanwhile: their rows refer to this one.
      if (scoredBy.some((field) => field in changed) && (await hasSubmissions(tx, id))) {
        throw new RefusedError('fixed-by-scores', 409);
      }
      const isShown = 'publishedAt' in changed || 'licence' in changed || 'attribution' in changed;
      if (isShown && (await hasUtterances(tx, id))) requireLicence({ ...before, ...change });
      const newRules = 'rulesRu' in changed || 'rulesEn' in changed;
      const rows = await tx
        .update(competitions)
        .set({ ...change, ...(newRules ? { rulesVersion: before.rulesVersion + 1 } : {}) })
        .where(eq(competitions.id, id))
        .returning();
      const after = one(rows, 'competition', id);
      if ('policy' in changed || 'publishedAt' in changed) await requireFirstRung(tx, after);
      await recordEvent(tx, { ...act, competitionId: id, kind: 'competition-changed', subject: id, details: changed });
      // A moved window shows on pages at once, and a moved freeze or reveal on the board.
      await announce(tx, id);
      await requestBoard(tx, id);
      return after;
    });
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** Whether any file has been taken in to be scored, the baseline's included. */
export async function hasSubmissions(db: Connection, competitionId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select from submissions where competition_id = ${competitionId} and state <> 'rejected' limit 1`);
  return rows.length > 0;
}

export async function grantRole(
  db: Connection,
  competitionId: string,
  userId: string,
  role: Role,
  act: Act,
): Promise<void> {
  await db
    .insert(competitionRoles)
    .values({ competitionId, userId, role })
    .onConflictDoUpdate({ target: [competitionRoles.competitionId, competitionRoles.userId], set: { role } });
  await recordEvent(db, { ...act, competitionId, kind: 'role-granted', subject: userId, details: { role } });
}

function differences(before: Competition, change: CompetitionChange): Record<string, { from: unknown; to: unknown }> {
  const entries = Object.entries(change) as [keyof CompetitionChange, unknown][];
  const changed = entries.filter(([key, value]) => value !== undefined && !isSame(before[key], value));
  return Object.fromEntries(changed.map(([key, value]) => [key, { from: logged(before[key]), to: logged(value) }]));
}

function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return isMapping(a) && isMapping(b) ? digestOf(a) === digestOf(b) : a === b;
}

/** A mapping may be long: the log tells its size and what it can be recognised by. */
function logged(value: unknown): unknown {
  return isMapping(value) ? { rules: value.length, sha256: digestOf(value) } : value;
}

function isMapping(value: unknown): value is Mapping {
  return Array.isArray(value);
}

/** jsonb keeps the order of rules, and not that of a rule's keys. */
function digestOf(mapping: Mapping): string {
  return createHash('sha256')
    .update(JSON.stringify(mapping.map(({ from, to }) => [from, to])))
    .digest('hex');
}

/** The organiser's mistakes that the database finds, as sentences: `organise.error-…`. */
function refusalOf(error: unknown): RefusedError | null {
  switch (violatedConstraint(error)) {
    case 'competitions_slug_key':
      return new RefusedError('slug-taken', 409);
    case 'registration_in_order':
    case 'team_changes_in_order':
    case 'submissions_in_order':
      return new RefusedError('window-order', 422);
    case 'reveal_after_close':
    case 'freeze_before_reveal':
      return new RefusedError('reveal-order', 422);
    default:
      return null;
  }
}

async function hasUtterances(db: Connection, competitionId: string): Promise<boolean> {
  const rows = await db
    .select({ id: utterances.id })
    .from(utterances)
    .where(eq(utterances.competitionId, competitionId))
    .limit(1);
  return rows.length > 0;
}
