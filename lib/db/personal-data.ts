import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import type { Person, PersonalSection } from '#lib/db/personal-sections.ts';
import { chargeLimit, chargeLimits, type Limit, refundLimits } from '#lib/db/rate-limits.ts';
import { defenceTalks, submissions, users } from '#lib/db/schema.ts';
import { RefusedError, TooManyRequestsError } from '#lib/errors.ts';

/*
 * What an export reads. Nothing is held for its length, neither a transaction nor a lock: a slow reader keeps nobody waiting.
 */

/** One after another: a second would read all of it once more. A process that died with one blocks the next for so long. */
const runningExport: Limit = { name: 'export-running', attempts: 1, windowSeconds: 900 };
const exportsOfPerson: Limit = { name: 'export', attempts: 5, windowSeconds: 3600 };

export type OwnFile = { id: string; bytes: number; fileName: string };
export type OwnSlides = { teamId: string; sha256: Buffer; bytes: number };

export async function getPerson(db: Connection, id: string): Promise<Person> {
  const { email, emailKey } = users;
  return one(await db.select({ id: users.id, email, emailKey }).from(users).where(eq(users.id, id)), 'user', id);
}

/** By the person, or (null) by the owner's command line. */
export async function recordExport(db: Connection, personId: string, actorId: string | null): Promise<void> {
  await recordEvent(db, { actorId, kind: 'data-exported', subject: personId });
}

/**
 * Begins an export by the person themselves; the returned function says that it is over. Refuses 'export-running' while another is under
 * way, and 'too-many-attempts'.
 */
export async function beginExport(db: Connection, personId: string): Promise<() => Promise<void>> {
  const running = { limit: runningExport, subject: personId };
  try {
    await chargeLimit(db, running);
  } catch (error) {
    throw error instanceof TooManyRequestsError ? new RefusedError('export-running', 409) : error;
  }
  const end = () => refundLimits(db, [running]);
  try {
    await db.transaction(async (tx) => {
      await chargeLimits(tx, [{ limit: exportsOfPerson, subject: personId }]);
      await recordExport(tx, personId, personId);
    });
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

type Row = Record<string, unknown>;

/** The person's rows of a section in parts of at most `rowsAtOnce`, by the table's key. */
export async function* readSection(
  db: Connection,
  { table, of, given }: PersonalSection,
  person: Person,
  rowsAtOnce: number,
): AsyncGenerator<Row[]> {
  const keys = keyOf(table);
  const key = Object.fromEntries(keys.map((column) => [column.name, column]));
  let after: SQL | undefined;
  for (;;) {
    const rows = await db
      .select({ row: given(person), key })
      .from(table)
      .where(and(of(person), after))
      .orderBy(...keys.map((column) => asc(column)))
      .limit(rowsAtOnce);
    if (rows.length > 0) yield rows.map(({ row }) => row as Row);
    if (rows.length < rowsAtOnce) return;
    const last = rows.at(-1)!.key as Row;
    after = sql`(${sql.join(keys, sql`, `)}) > (${sql.join(
      keys.map((column) => sql.param(last[column.name], column)),
      sql`, `,
    )})`;
  }
}

/** The files that the person sent, in parts. */
export async function* listOwnFiles(db: Connection, personId: string, rowsAtOnce: number): AsyncGenerator<OwnFile> {
  const { id, bytes, fileName } = submissions;
  for (let after: OwnFile | undefined; ; ) {
    const further = after && gt(id, after.id);
    const rows = await db
      .select({ id, bytes, fileName })
      .from(submissions)
      .where(and(eq(submissions.authorId, personId), further))
      .orderBy(asc(id))
      .limit(rowsAtOnce);
    yield* rows;
    if (rows.length < rowsAtOnce) return;
    after = rows.at(-1);
  }
}

/** The slides that the person was the last to put in place. */
export async function listOwnSlides(db: Connection, personId: string): Promise<OwnSlides[]> {
  const { teamId, slidesSha256: sha256, slidesBytes: bytes } = defenceTalks;
  const rows = await db
    .select({ teamId, sha256, bytes })
    .from(defenceTalks)
    .where(eq(defenceTalks.editedBy, personId))
    .orderBy(asc(teamId));
  return rows.flatMap(({ sha256, bytes, ...row }) => (sha256 && bytes !== null ? [{ ...row, sha256, bytes }] : []));
}

/** Of the primary key. */
function keyOf(table: PgTable): PgColumn[] {
  const { columns, primaryKeys } = getTableConfig(table);
  return primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary);
}
