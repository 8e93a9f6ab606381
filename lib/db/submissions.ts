import { type Competition, isRevealed } from '#lib/competition.ts';
import { closeOf } from '#lib/db/adjustments.ts';
import { type Connection, one, readClock } from '#lib/db/client.ts';
import { chargeQuota, getQuota, type Quota } from '#lib/db/quota.ts';
import { chargeLimit } from '#lib/db/rate-limits.ts';
import {
  insertBelongings,
  insertRow,
  lockTeam,
  type NewRow,
  type SubmissionRow,
  selectByKey,
  selectEntry,
  selectEqual,
} from '#lib/db/upload-statements.ts';
import { ForbiddenError, RefusedError } from '#lib/errors.ts';
import type { Problem } from '#lib/problems.ts';

/*
 * Taking submissions in. One transaction decides and stores everything, under the team's row lock: the window, the rules, the
 * membership, the quota, the row with its bytes and people, and the job. The receipt is sent after it commits.
 */

export type { SubmissionRow };

/** What reading a file came to. `unpackedSha256`, hexadecimal: of what a packed file unpacks to; null where it came as it is. */
export type ReadFile = {
  format: string | null;
  warnings: readonly Problem[];
  unpackedSha256?: string | null;
};

/** What arrived. `receivedAt` decides the window and the day: the database's clock when the authenticated headers were in. */
export type Upload = {
  competitionId: string;
  author: { id: string };
  split: 'dev' | 'test';
  receivedAt: Date;
  /** The file exactly as sent, and its SHA-256. */
  bytes: Buffer;
  sha256: Buffer;
  fileName: string;
  note: string;
  codeLink: string | null;
  idempotencyKey: string | null;
  parsed: ReadFile;
};

/** Why a file is refused. `problems` are kept to be read again, `count` is how many there are in all. */
export type Rejection = { problems: readonly Problem[]; count: number };

/**
 * accepted: stored now. existing: the team sent the same file before, plain or packed; nothing was charged. replayed: the same Idempotency-Key
 * with the same bytes; this is its first answer. `quota` is null where attempts are free (dev, late, rejected).
 */
export type Receipt = {
  outcome: 'accepted' | 'existing' | 'replayed';
  submission: SubmissionRow;
  quota: Quota | null;
};

/** `closesAt`: from when on files of this team are late. */
type Entry = { competition: Competition; teamId: string; closesAt: Date; people: string[] };
type Decided = Pick<NewRow, 'state' | 'late' | 'quotaDay' | 'problems' | 'problemCount'>;

/** Uploads that cost a team no attempt, and still are not endless. */
export const freeUploads = {
  rejected: { name: 'upload-rejected', attempts: 30, windowSeconds: 3600 },
  dev: { name: 'upload-dev', attempts: 120, windowSeconds: 3600 },
  late: { name: 'upload-late', attempts: 30, windowSeconds: 3600 },
};

/**
 * Stores a file that parsed. Refuses with 'phase', 'team' or 'rules' (403), 'quota' or 'too-many-attempts' (429, Retry-After),
 * 'idempotency-mismatch' (409). After the close, the team's own where one was agreed, a test file is stored as late: free and
 * never ranked. From the end of the reveal on it is scored, for practice.
 */
export async function createSubmission(db: Connection, upload: Upload): Promise<Receipt> {
  return db.transaction(async (tx) => {
    const entry = await lockEntry(tx, upload);
    const earlier = (await findReplayed(tx, entry, upload)) ?? (await findEqual(tx, entry, upload));
    if (earlier !== null) return { ...earlier, quota: await quotaOf(tx, entry, earlier.submission) };
    const late = isLate(entry, upload);
    let quota: Quota | null = null;
    let quotaDay: string | null = null;
    if (upload.split === 'dev') await chargeLimit(tx, { limit: freeUploads.dev, subject: entry.teamId });
    else if (late) await chargeLimit(tx, { limit: freeUploads.late, subject: entry.teamId });
    else {
      const charge = await chargeQuota(tx, entry.competition, entry.teamId, upload.receivedAt);
      quota = charge.quota;
      quotaDay = charge.day;
    }
    const submission = await insertSubmission(tx, entry, upload, {
      state: 'queued',
      late,
      quotaDay,
      problems: [],
      problemCount: 0,
    });
    const isScored = !late || isRevealed(entry.competition, await readClock(tx));
    await store(tx, entry, upload, submission, isScored);
    return { outcome: 'accepted', submission, quota };
  });
}

/**
 * Stores a file that has problems, so that its team can read them again: free, but only so many an hour. Refuses like
 * createSubmission.
 */
export async function recordRejected(db: Connection, upload: Upload, rejection: Rejection): Promise<Receipt> {
  return db.transaction(async (tx) => {
    const entry = await lockEntry(tx, upload);
    const earlier = await findReplayed(tx, entry, upload);
    if (earlier !== null) return { ...earlier, quota: null };
    await chargeLimit(tx, { limit: freeUploads.rejected, subject: entry.teamId });
    const submission = await insertSubmission(tx, entry, upload, {
      state: 'rejected',
      late: isLate(entry, upload),
      quotaDay: null,
      problems: [...rejection.problems],
      problemCount: rejection.count,
    });
    await store(tx, entry, upload, submission, false);
    return { outcome: 'accepted', submission, quota: null };
  });
}

/**
 * The team of the author, its row locked so that its uploads follow one another, with everything that decides read after the
 * lock. Refuses who has no team, before the window opens, and who has not accepted the rules as they stand.
 */
async function lockEntry(tx: Connection, upload: Upload): Promise<Entry> {
  const { competitionId, author } = upload;
  const locked = await lockTeam(tx, { competitionId, userId: author.id });
  const teamId = locked[0]?.teamId;
  if (teamId === undefined) throw new ForbiddenError('team');
  const rows = await selectEntry(tx, { competitionId, teamId, userId: author.id });
  const { competition, people, hasAcceptedRules, agreedClose } = one(rows, 'competition', competitionId);
  // Who was taken out of the team while this waited for the lock is no longer in it.
  if (!people.includes(author.id)) throw new ForbiddenError('team');
  requireStart(competition, upload.receivedAt);
  if (!hasAcceptedRules) throw new ForbiddenError('rules');
  return { competition, teamId, closesAt: closeOf(competition, agreedClose).closesAt, people };
}

/** Refuses what came before the submissions open. */
export function requireStart(competition: Competition, receivedAt: Date): void {
  if (receivedAt >= competition.submissionsStartAt) return;
  const { submissionsStartAt, timeZone } = competition;
  throw new ForbiddenError('phase', { opensAt: submissionsStartAt.toISOString(), timeZone });
}

function isLate({ closesAt }: Entry, upload: Upload): boolean {
  return upload.split === 'test' && upload.receivedAt >= closesAt;
}

async function findReplayed(tx: Connection, { teamId }: Entry, upload: Upload) {
  if (upload.idempotencyKey === null) return null;
  const [submission] = await selectByKey(tx, { teamId, key: upload.idempotencyKey });
  if (submission === undefined) return null;
  if (submission.split !== upload.split || !submission.sha256.equals(upload.sha256)) {
    throw new RefusedError('idempotency-mismatch', 409, { id: submission.id });
  }
  return { outcome: 'replayed' as const, submission };
}

/**
 * The team's earlier submission of the same file, unless it came to nothing. Plain or packed it is the same one, by what it unpacks
 * to; of a file that came packed before that was kept, the bytes as sent are all that is known.
 */
async function findEqual(tx: Connection, { teamId }: Entry, upload: Upload) {
  const [submission] = await selectEqual(tx, { teamId, split: upload.split, digests: digestsOf(upload) });
  return submission === undefined ? null : { outcome: 'existing' as const, submission };
}

function digestsOf({ sha256, parsed }: Pick<Upload, 'sha256' | 'parsed'>): Buffer[] {
  const unpacked = unpackedDigest(parsed);
  return unpacked === null ? [sha256] : [sha256, unpacked];
}

export function unpackedDigest({ unpackedSha256 = null }: ReadFile): Buffer | null {
  return unpackedSha256 === null ? null : Buffer.from(unpackedSha256, 'hex');
}

async function quotaOf(tx: Connection, entry: Entry, submission: SubmissionRow): Promise<Quota | null> {
  if (submission.quotaDay === null) return null;
  return getQuota(tx, entry.competition, entry.teamId, submission.receivedAt);
}

async function insertSubmission(
  tx: Connection,
  { teamId }: Entry,
  upload: Upload,
  decided: Decided,
): Promise<SubmissionRow> {
  const { author, bytes, parsed, ...sent } = upload;
  const rows = await insertRow(tx, {
    ...{ ...sent, teamId, authorId: author.id, bytes: bytes.length },
    ...{ format: parsed.format, warnings: [...parsed.warnings], unpackedSha256: unpackedDigest(parsed) },
    ...decided,
  });
  return one(rows, 'submission', sent.fileName);
}

async function store(
  tx: Connection,
  { people }: Entry,
  { author, competitionId, bytes }: Upload,
  { id, split, late, sha256, state }: SubmissionRow,
  isScored: boolean,
): Promise<void> {
  const kind = state === 'rejected' ? 'submission-rejected' : 'submission-received';
  const details = { split, late, sha256: sha256.toString('hex') };
  await insertBelongings(tx, {
    id,
    competitionId,
    authorId: author.id,
    content: bytes,
    people,
    kind,
    details,
    isScored,
  });
}
