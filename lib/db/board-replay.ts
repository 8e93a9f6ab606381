import { createHash } from 'node:crypto';
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { readSnapshot, type Snapshot, writeSnapshot } from '#lib/board.ts';
import { type BoardFold, type BoardInput, type Counted, createBoardFold, type Published } from '#lib/board-inputs.ts';
import type { Competition } from '#lib/competition.ts';
import { drawFrom, drawSnapshot, type FindTies } from '#lib/db/boards.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { boardInputs, boardSnapshots, competitions } from '#lib/db/schema.ts';

/*
 * Every snapshot of a competition drawn again, from nothing but what is kept of the past: inputs in their order, counts, and what was
 * wrong in every utterance. For the owner: it reads schema hidden.
 */

/** The first thing that is not as it was. `version` is the snapshot's, and null for what came after the last one. */
export type BoardFault =
  | {
      kind: 'board-differs' | 'board-not-logged' | 'inputs-not-logged';
      version: number;
      expected: string;
      found: string;
    }
  | { kind: 'board-missing'; version: number }
  | { kind: 'counts-differ' | 'score-differs'; submission: string; version: number | null }
  | { kind: 'tables-differ' };

/** `earlier` are snapshots from before inputs were kept: they can be read, and not drawn again. */
export type Replay = { replayed: number; earlier: number; fault: BoardFault | null };

type Stored = typeof boardSnapshots.$inferSelect;
type Logged = { sha256: string; inputsSha256: string };

export async function replayBoards(db: Connection, competitionId: string, findTies: FindTies): Promise<Replay> {
  return db.transaction(async (tx) => {
    // Nothing may move meanwhile: what is compared in the end is the present.
    const held = await tx.select().from(competitions).where(eq(competitions.id, competitionId)).for('no key update');
    const competition = one(held, 'competition', competitionId);
    const replay = createReplay(
      tx,
      competition,
      findTies,
      await readCounts(tx, competitionId),
      await readLogged(tx, competitionId),
    );
    const boards = await listSnapshots(tx, competitionId);
    const earlier = boards.filter(({ inputsThrough }) => inputsThrough === null).length;
    let replayed = 0;
    for (const board of boards) {
      const fault = await replay.next(board);
      if (fault !== null) return { replayed, earlier, fault };
      if (board.inputsThrough !== null) replayed += 1;
    }
    return { replayed, earlier, fault: await replay.end() };
  });
}

function createReplay(
  tx: Connection,
  competition: Competition,
  findTies: FindTies,
  counts: ReadonlyMap<string, Counted>,
  logged: ReadonlyMap<number, Logged>,
) {
  const fold = createBoardFold();
  let through = 0;
  let before: { version: number; snapshot: Snapshot } | null = null;

  /** Brings the fold up to an input; the digest is that of all that was new. */
  async function advance(
    until: number | null,
    version: number | null,
  ): Promise<{ digest: string; fault: BoardFault | null }> {
    const inputs = await readInputs(tx, competition.id, through, until);
    through = inputs.at(-1)?.input.id ?? through;
    for (const { input } of inputs) fold.add(input);
    const digest = sha256(inputs.map(({ text }) => text).join(''));
    return { digest, fault: inputs.map(({ input }) => faultOf(input, fold, counts, version)).find(isFault) ?? null };
  }

  async function next(board: Stored): Promise<BoardFault | null> {
    const { version, inputsThrough } = board;
    if (before !== null && version !== before.version + 1)
      return { kind: 'board-missing', version: before.version + 1 };
    if (inputsThrough === null) {
      before = { version, snapshot: readSnapshot(board.body) };
      return null;
    }
    const { digest, fault } = await advance(inputsThrough, version);
    const promised = logged.get(version);
    if (promised === undefined || promised.sha256 !== sha256(board.body)) {
      return { kind: 'board-not-logged', version, expected: promised?.sha256 ?? '', found: sha256(board.body) };
    }
    if (promised.inputsSha256 !== digest) {
      return { kind: 'inputs-not-logged', version, expected: promised.inputsSha256, found: digest };
    }
    if (fault !== null) return fault;
    const snapshot = await drawAgain(board, before?.snapshot ?? null);
    const body = writeSnapshot(snapshot);
    if (body !== board.body) {
      return { kind: 'board-differs', version, expected: sha256(board.body), found: sha256(body) };
    }
    before = { version, snapshot };
    return null;
  }

  async function drawAgain({ version, at, frozen }: Stored, before: Snapshot | null): Promise<Snapshot> {
    const rules = fold.rules();
    const then = rules === null ? competition : { ...competition, ...rulesOf(rules) };
    const drawn = await drawFrom(tx, then, fold.inputs(at), { at, before, findTies });
    return { version, at: at.toISOString(), frozen, ...drawn };
  }

  /** What has changed since the last board, and whether the tables that boards are drawn from say the same as all that was kept. */
  async function end(): Promise<BoardFault | null> {
    const { fault } = await advance(null, null);
    if (fault !== null) return fault;
    const at = new Date(Math.max(Number(await readClock(tx)), Date.parse(before?.snapshot.at ?? '') || 0));
    const drawing = { at, before: null, findTies: async () => null };
    const kept = await drawFrom(tx, competition, fold.inputs(at), drawing);
    const present = await drawSnapshot(tx, competition, drawing);
    return JSON.stringify(kept) === JSON.stringify(present) ? null : { kind: 'tables-differ' };
  }

  return { next, end };
}

function rulesOf({ labelVersion, policy, freezesAt }: NonNullable<ReturnType<BoardFold['rules']>>) {
  return { labelVersion, policy, freezesAt: freezesAt === null ? null : new Date(freezesAt) };
}

function faultOf(
  { kind, subject, body }: BoardInput,
  fold: BoardFold,
  counts: ReadonlyMap<string, Counted>,
  version: number | null,
): BoardFault | null {
  if (kind !== 'published') return null;
  const isCounted = sameCounts(body.counts, counts.get(keyOf(subject, body)));
  if (!isCounted) return { kind: 'counts-differ', submission: subject, version };
  return fold.isWellPublished(body) ? null : { kind: 'score-differs', submission: subject, version };
}

function isFault(fault: BoardFault | null): fault is BoardFault {
  return fault !== null;
}

function sameCounts(kept: Counted | null, counted: Counted | undefined): boolean {
  const keys = ['hits', 'substitutions', 'deletions', 'insertions', 'standardError'] as const;
  return kept !== null && counted !== undefined && keys.every((key) => kept[key] === counted[key]);
}

function keyOf(submission: string, { labelVersion, scorerVersion }: Pick<Published, 'labelVersion' | 'scorerVersion'>) {
  return `${submission} ${labelVersion} ${scorerVersion}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function listSnapshots(tx: Connection, competitionId: string): Promise<Stored[]> {
  return tx
    .select()
    .from(boardSnapshots)
    .where(eq(boardSnapshots.competitionId, competitionId))
    .orderBy(asc(boardSnapshots.version));
}

/** After one input up to another, and each as the log's digest has it: without exact counts. */
async function readInputs(tx: Connection, competitionId: string, after: number, through: number | null) {
  const { id, kind, subject, body } = boardInputs;
  const text = sql<string>`netstring(${id}::text) || netstring(${kind}) || netstring(${subject}::text)
    || netstring((${body} - 'counts')::text)`;
  const rows = await tx
    .select({ id, kind, subject, body, text })
    .from(boardInputs)
    .where(
      and(eq(boardInputs.competitionId, competitionId), gt(id, after), through === null ? undefined : lte(id, through)),
    )
    .orderBy(asc(id));
  return rows.map(({ text, ...input }) => ({ text, input: input as BoardInput }));
}

async function readLogged(tx: Connection, competitionId: string): Promise<Map<number, Logged>> {
  const { rows } = await tx.execute<Logged & { version: number }>(sql`
    select (details->>'version')::integer as version, details->>'sha256' as sha256, details->>'inputsSha256' as "inputsSha256"
    from events where competition_id = ${competitionId} and kind = 'board-drawn'`);
  return new Map(rows.map(({ version, ...logged }) => [version, logged]));
}

async function readCounts(tx: Connection, competitionId: string): Promise<Map<string, Counted>> {
  const { rows } = await tx.execute<Counted & { submission: string; labelVersion: number; scorerVersion: string }>(sql`
    select c.submission_id as submission, c.label_version as "labelVersion", c.scorer_version as "scorerVersion",
      c.hits, c.substitutions, c.deletions, c.insertions, c.standard_error as "standardError"
    from hidden.counts c join submissions s on s.id = c.submission_id
    where s.competition_id = ${competitionId} and c.fold = 'public'`);
  return new Map(rows.map(({ submission, ...counts }) => [keyOf(submission, counts), counts]));
}
