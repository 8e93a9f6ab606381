import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { ErrorCounts } from '#lib/counts.ts';
import type { Connection } from '#lib/db/client.ts';
import { announcements, boardSnapshots, events, questions, resultSnapshots } from '#lib/db/schema.ts';
import type { Results } from '#lib/finals.ts';
import type { MethodCard } from '#lib/method-card.ts';

/*
 * What is kept of a competition when it is over. Hidden counts are among it: only the scoring side and the owner can call this. People
 * are left out: teams go by their names, and the log by ids.
 */

export type ArchivedTeam = {
  id: string;
  name: string;
  kind: 'team' | 'baseline';
  members: number;
  isGuest: boolean;
  /** Null where organisers decided nothing; then the team is ranked. */
  isRanked: boolean | null;
  reason: string | null;
  disbandedAt: Date | null;
  card: MethodCard | null;
};

export type ArchivedSubmission = {
  id: string;
  teamId: string;
  split: 'dev' | 'test';
  state: string;
  receivedAt: Date;
  late: boolean;
  voidedAt: Date | null;
  isPicked: boolean;
  fileName: string;
  format: string | null;
  /** Whether the bytes are packed as gzip. */
  isPacked: boolean;
  note: string;
  codeLink: string | null;
  bytes: number;
  sha256: Buffer;
  /** Under the labels in force, by the newest scorer; null where it was not counted. */
  public: ErrorCounts | null;
  private: ErrorCounts | null;
};

/** By name; those that were disbanded, too. */
export async function listArchivedTeams(db: Connection, competitionId: string): Promise<ArchivedTeam[]> {
  const { rows } = await db.execute<ArchivedTeam & { disbandedAt: string | null }>(sql`
    select t.id, t.name, t.kind, t.is_guest as "isGuest", t.disbanded_at as "disbandedAt",
      (select count(*)::integer from team_members m where m.team_id = t.id) as members,
      e.is_ranked as "isRanked", e.reason,
      case when c.team_id is not null then json_build_object('model', c.model, 'data', c.data,
        'externalServices', c.external_services, 'codeLink', c.code_link, 'codeCommit', c.code_commit) end as card
    from teams t
    left join eligibility_marks e on e.team_id = t.id
    left join method_cards c on c.team_id = t.id
    where t.competition_id = ${competitionId}
    order by t.name_key, t.id`);
  return rows.map((row) => ({ ...row, disbandedAt: row.disbandedAt && new Date(row.disbandedAt) }));
}

/** In the order in which they came. */
export async function listArchivedSubmissions(
  db: Connection,
  competitionId: string,
  labelVersion: number,
): Promise<ArchivedSubmission[]> {
  const { rows } = await db.execute<
    Omit<ArchivedSubmission, 'receivedAt' | 'voidedAt'> & { receivedAt: string; voidedAt: string | null }
  >(sql`
    select s.id, s.team_id as "teamId", s.split, s.state, s.received_at as "receivedAt", s.late, s.voided_at as "voidedAt",
      exists (select from final_picks p where p.submission_id = s.id) as "isPicked",
      s.file_name as "fileName", s.format, substring(f.content from 1 for 2) = '\x1f8b'::bytea as "isPacked",
      s.note, s.code_link as "codeLink", s.bytes, s.sha256, ${countsOf('public')} as public, ${countsOf('private')} as private
    from submissions s join submission_files f on f.submission_id = s.id
    left join lateral (${newest(labelVersion, 'public')}) public on true
    left join lateral (${newest(labelVersion, 'private')}) private on true
    where s.competition_id = ${competitionId}
    order by s.sequence`);
  return rows.map((row) => ({
    ...row,
    receivedAt: new Date(row.receivedAt),
    voidedAt: row.voidedAt === null ? null : new Date(row.voidedAt),
  }));
}

function newest(labelVersion: number, fold: 'public' | 'private') {
  return sql`
    select c.* from hidden.counts c
    where c.submission_id = s.id and c.fold = ${fold} and c.label_version = ${labelVersion}
    order by c.scored_at desc, c.scorer_version desc limit 1`;
}

function countsOf(fold: 'public' | 'private') {
  const of = (column: string) => sql.raw(`"${fold}".${column}`);
  return sql`case when ${of('submission_id')} is not null then json_build_object('hits', ${of('hits')},
    'substitutions', ${of('substitutions')}, 'deletions', ${of('deletions')}, 'insertions', ${of('insertions')}) end`;
}

/** Every board that was shown, the first one first, as it was served. */
export async function listBoardBodies(db: Connection, competitionId: string): Promise<string[]> {
  const rows = await db
    .select({ body: boardSnapshots.body })
    .from(boardSnapshots)
    .where(eq(boardSnapshots.competitionId, competitionId))
    .orderBy(asc(boardSnapshots.version));
  return rows.map(({ body }) => body);
}

/** Every result that was made, the first one first. */
export async function listResults(db: Connection, competitionId: string): Promise<Results[]> {
  const rows = await db
    .select({ body: resultSnapshots.body })
    .from(resultSnapshots)
    .where(eq(resultSnapshots.competitionId, competitionId))
    .orderBy(asc(resultSnapshots.version));
  return rows.map(({ body }) => JSON.parse(body) as Results);
}

export type ArchivedEvent = typeof events.$inferSelect;

export async function listArchivedEvents(db: Connection, competitionId: string): Promise<ArchivedEvent[]> {
  return db.select().from(events).where(eq(events.competitionId, competitionId)).orderBy(asc(events.id));
}

/** What was said to everybody: news, and questions in the words in which they were answered to all. */
export async function listPublicWords(db: Connection, competitionId: string) {
  const { titleRu, titleEn, bodyRu, bodyEn, publishedAt, editedAt } = announcements;
  const news = await db
    .select({ titleRu, titleEn, bodyRu, bodyEn, publishedAt, editedAt })
    .from(announcements)
    .where(and(eq(announcements.competitionId, competitionId), isNull(announcements.withdrawnAt)))
    .orderBy(asc(announcements.publishedAt));
  const { publicBody, answer, answeredAt } = questions;
  const answers = await db
    .select({ question: publicBody, answer, answeredAt })
    .from(questions)
    .where(and(eq(questions.competitionId, competitionId), isNotNull(questions.publicBody)))
    .orderBy(asc(questions.answeredAt));
  return { news, answers };
}

export type ArchivedTalk = {
  teamId: string;
  /** In the programme, from 0 on; null where the team was not in it. */
  position: number | null;
  isSkipped: boolean;
  beganAt: string | null;
  title: string;
  description: string;
  slidesLink: string | null;
  slides: { sha256: Buffer; bytes: number } | null;
};

/** In the order of the programme. */
export async function listArchivedTalks(db: Connection, competitionId: string): Promise<ArchivedTalk[]> {
  type Row = Omit<ArchivedTalk, 'slides'> & { sha256: Buffer | null; bytes: string | null };
  const { rows } = await db.execute<Row>(sql`
    select t.id as "teamId", s.position, coalesce(s.is_skipped, false) as "isSkipped", s.began_at as "beganAt",
      coalesce(k.title, '') as title, coalesce(k.description, '') as description, k.slides_link as "slidesLink",
      k.slides_sha256 as sha256, k.slides_bytes as bytes
    from teams t
    left join defence_slots s on s.team_id = t.id
    left join defence_talks k on k.team_id = t.id
    where t.competition_id = ${competitionId} and (s.id is not null or k.team_id is not null)
    order by s.position nulls last, t.id`);
  return rows.map(({ sha256, bytes, ...talk }) => ({
    ...talk,
    slides: sha256 === null || bytes === null ? null : { sha256, bytes: Number(bytes) },
  }));
}
