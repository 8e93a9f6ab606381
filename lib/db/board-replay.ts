import { createHash } from 'node:crypto';
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { methodOf, readSnapshot, type Snapshot, writeSnapshot } from '#lib/board.ts';
import { type BoardFold, type BoardInput, type Counted, createBoardFold, type Published } from '#lib/board-inputs.ts';
import type { Competition } from '#lib/competition.ts';
import { drawFrom, drawSnapshot, type FindTies } from '#lib/db/boards.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { climbLadder } from '#lib/db/publishing.ts';
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
  | { kind: 'counts-differ' | 'score-differs' | 'verdict-differs'; submission: string; version: number | null }
  | { kind: 'tables-differ' };

/** `earlier` are snapshots from before inputs were kept: they can be read, and not drawn again. */
export type Replay = { replayed: number; earlier: number; fault: BoardFault | null };

const snapshotsAtOnce = 50;

type Stored = typeof boardSnapshots.$inferSelect;
type Logged = { sha256: string; inputsSha256: string };

export async function replayBoards(db: Connection, competitionId: string, findTies: FindTies): Promise<Replay> {
  return db.transaction(async (tx) => {
    // Nothing may move meanwhile: what is compared in the end is the present.
    const held = await tx.select().from(competitions).where(eq(competitions.id, competitionId)).for('no key update');
    const competition = one(held, 'competition', competitionId);
    const [counts, logged] = [await readCounts(tx, competitionId), await readLogged(tx, competitionId)];
    const fold = createBoardFold();
    const past: Past = { tx, competition, findTies, counts, logged, fold, through: 0, before: null };
    let [replayed, earlier] = [0, 0];
    for await (const board of listSnapshots(tx, competitionId)) {
      if (board.inputsThrough === null) earlier += 1;
      const fault = await checkBoard(past, board);
      if (fault !== null) return { replayed, earlier, fault };
      if (board.inputsThrough !== null) replayed += 1;
    }
    return { replayed, earlier, fault: await checkPresent(past) };
  });
}

/** How far the replay has come: the last input that was taken, and the snapshot that was drawn last. */
type Past = {
  readonly tx: Connection;
  readonly competition: Competition;
  readonly findTies: FindTies;
  readonly counts: ReadonlyMap<string, Counted>;
  readonly logged: ReadonlyMap<number, Logged>;
  readonly fold: BoardFold;
  through: number;
  before: Snapshot | null;
};

async function checkBoard(past: Past, board: Stored): Promise<BoardFault | null> {
  const { before, logged } = past;
  const { version, inputsThrough, body } = board;
  if (before !== null && version !== before.version + 1) return { kind: 'board-missing', version: before.version + 1 };
  if (inputsThrough === null) {
    past.before = readSnapshot(body);
    return null;
  }
  const { digest, fault } = await advance(past, inputsThrough, version);
  const promised = logged.get(version) ?? { sha256: '', inputsSha256: '' };
  const found = sha256(body);
  if (promised.sha256 !== found) return { kind: 'board-not-logged', version, expected: promised.sha256, found };
  if (promised.inputsSha256 !== digest) {
    return { kind: 'inputs-not-logged', version, expected: promised.inputsSha256, found: digest };
  }
  if (fault !== null) return fault;
  past.before = await drawAgain(past, board);
  const drawn = writeSnapshot(past.before);
  return drawn === body ? null : { kind: 'board-differs', version, expected: found, found: sha256(drawn) };
}

async function drawAgain({ tx, competition, findTies, fold, before }: Past, { version, at, frozen, body }: Stored) {
  // Places are tested as they were then, by a method that may not be today's.
  const { ties } = readSnapshot(body);
  const method = ties === null ? undefined : methodOf(ties);
  const drawing = {
    at,
    before,
    findTies: (...[on, each, ids]: Parameters<FindTies>) => findTies(on, each, ids, method),
  };
  const drawn = await drawFrom(tx, competitionOf(fold, competition), fold.inputs(at), drawing);
  return { version, at: at.toISOString(), frozen, ...drawn };
}

/** What has changed since the last board, and whether the tables that boards are drawn from say the same as all that was kept. */
async function checkPresent(past: Past): Promise<BoardFault | null> {
  const { fault } = await advance(past, null, null);
  if (fault !== null) return fault;
  const { tx, competition, fold, before } = past;
  const at = new Date(Math.max(Number(await readClock(tx)), Date.parse(before?.at ?? '') || 0));
  const drawing = { at, before: null, findTies: async () => null };
  const kept = await drawFrom(tx, competition, fold.inputs(at), drawing);
  const present = await drawSnapshot(tx, competition, drawing);
  return JSON.stringify(kept) === JSON.stringify(present) ? null : { kind: 'tables-differ' };
}

/** Brings the fold up to an input; the digest is that of all that was new. */
async function advance(
  past: Past,
  until: number | null,
  version: number | null,
): Promise<{ digest: string; fault: BoardFault | null }> {
  const { tx, competition, fold, counts } = past;
  const inputs = await readInputs(tx, competition.id, past.through, until);
  past.through = inputs.at(-1)?.input.id ?? past.through;
  const digest = sha256(inputs.map(({ text }) => text).join(''));
  const published = new Set<string>();
  let fault: BoardFault | null = null;
  for (const [i, { input }] of inputs.entries()) {
    fold.add(input);
    if (input.kind !== 'published') continue;
    fault ??= faultOf(input.subject, input.body, fold, counts, version);
    published.add(input.body.teamId);
    // What is published at once is of one instant, and right as a whole.
    const next = inputs[i + 1]?.input;
    if (next?.kind === 'published' && next.body.publishedAt === input.body.publishedAt) continue;
    fault ??= await findWrongVerdict(past, [...published], version);
    published.clear();
  }
  return { digest, fault };
}

function faultOf(
  submission: string,
  score: Published,
  fold: BoardFold,
  counts: ReadonlyMap<string, Counted>,
  version: number | null,
): BoardFault | null {
  const isCounted = sameCounts(score.counts, counts.get(keyOf(submission, score)));
  if (!isCounted) return { kind: 'counts-differ', submission, version };
  return fold.isWellPublished(score) ? null : { kind: 'score-differs', submission, version };
}

/** Under the ladder every team whose scores were just published has climbed anew. */
async function findWrongVerdict(
  { tx, competition, fold }: Past,
  teamIds: readonly string[],
  version: number | null,
): Promise<BoardFault | null> {
  const then = competitionOf(fold, competition);
  if (then.policy !== 'ladder') return null;
  const baseline = fold.counted();
  const ofBaseline = new Set(baseline.map(({ teamId }) => teamId));
  const entries = teamIds.filter((id) => !ofBaseline.has(id)).flatMap((id) => fold.counted(id));
  const { verdicts } = await climbLadder(tx, then, baseline, entries);
  const wrong = entries.find(({ submissionId, verdict }) => verdict !== (verdicts.get(submissionId) ?? null));
  return wrong === undefined ? null : { kind: 'verdict-differs', submission: wrong.submissionId, version };
}

/** The competition as it was, in what a board depends on. */
function competitionOf(fold: BoardFold, competition: Competition): Competition {
  const rules = fold.rules();
  if (rules === null) return competition;
  const { labelVersion, policy, freezesAt } = rules;
  return { ...competition, labelVersion, policy, freezesAt: freezesAt === null ? null : new Date(freezesAt) };
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

/** In their order, a few at a time: a busy board has thousands, of up to a hundred kilobytes each. */
async function* listSnapshots(tx: Connection, competitionId: string): AsyncGenerator<Stored> {
  const { version } = boardSnapshots;
  for (let after = -1; ; ) {
    const rows = await tx
      .select()
      .from(boardSnapshots)
      .where(and(eq(boardSnapshots.competitionId, competitionId), gt(version, after)))
      .orderBy(asc(version))
      .limit(snapshotsAtOnce);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < snapshotsAtOnce) return;
    after = last.version;
  }
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
