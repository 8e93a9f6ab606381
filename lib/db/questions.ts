import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { touchNews } from '#lib/db/announcements.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { type MailedAct, mailPeople } from '#lib/db/notices.ts';
import { chargeLimit, type Limit } from '#lib/db/rate-limits.ts';
import { questions } from '#lib/db/schema.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { RefusedError } from '#lib/errors.ts';

/*
 * Questions to those who run a competition. One is between its asker and them; "to all" publishes a wording of the question that
 * whoever answers is shown and may change, never the asker. The log holds neither text: a person can be erased, it cannot.
 */

type Row = typeof questions.$inferSelect;

/** As its asker reads it. `isPublic`: a wording of it stands on the page for all. */
export type OwnQuestion = {
  id: string;
  body: string;
  askedAt: Date;
  answer: { text: string; at: Date } | null;
  isPublic: boolean;
};

/** As everybody reads it. */
export type PublicQuestion = { id: string; body: string; answer: string; answeredAt: Date };

/** As those read it who answer. `publicBody` null: private. */
export type AskedQuestion = {
  id: string;
  body: string;
  askedAt: Date;
  asker: string | null;
  team: string | null;
  answer: { text: string; at: Date; by: string | null } | null;
  publicBody: string | null;
};

export const longestQuestion = 2000;
export const longestAnswer = 10_000;
const questionsOfPerson: Limit = { name: 'question', attempts: 10, windowSeconds: 3600 };

/** Sends a question; so many an hour. */
export async function askQuestion(db: Connection, competitionId: string, askerId: string, typed: string) {
  const body = typed.replaceAll('\r\n', '\n').trim();
  if (body === '' || [...body].length > longestQuestion) {
    throw new RefusedError('question-length', 422, { longest: longestQuestion });
  }
  return db.transaction(async (tx) => {
    await chargeLimit(tx, { limit: questionsOfPerson, subject: `${competitionId}:${askerId}` });
    const team = await findTeamOf(tx, competitionId, askerId);
    const rows = await tx
      .insert(questions)
      .values({ competitionId, askerId, teamId: team?.id ?? null, body })
      .returning();
    const question = one(rows, 'question', competitionId);
    await recordEvent(tx, { actorId: askerId, competitionId, kind: 'question-asked', subject: question.id });
    return question;
  });
}

/** The person's own, newest first. */
export async function listQuestionsOf(db: Connection, competitionId: string, askerId: string): Promise<OwnQuestion[]> {
  const rows = await db
    .select()
    .from(questions)
    .where(and(eq(questions.competitionId, competitionId), eq(questions.askerId, askerId)))
    .orderBy(desc(questions.askedAt));
  return rows.map((row) => ({
    id: row.id,
    body: row.body,
    askedAt: row.askedAt,
    answer: answerOf(row),
    isPublic: row.publicBody !== null,
  }));
}

/** What was answered to all, newest answer first. */
export async function listPublicQuestions(db: Connection, competitionId: string): Promise<PublicQuestion[]> {
  const rows = await db
    .select({ id: questions.id, body: questions.publicBody, answer: questions.answer, at: questions.answeredAt })
    .from(questions)
    .where(and(eq(questions.competitionId, competitionId), isNotNull(questions.publicBody)))
    .orderBy(desc(questions.answeredAt));
  return rows.flatMap(({ id, body, answer, at }) =>
    body === null || answer === null || at === null ? [] : [{ id, body, answer, answeredAt: at }],
  );
}

/** All that were asked, and those of them without an answer. */
export async function countQuestions(
  db: Connection,
  competitionId: string,
): Promise<{ total: number; unanswered: number }> {
  const { rows } = await db.execute<{ total: number; unanswered: number }>(sql`
    select count(*)::integer as total, count(*) filter (where answered_at is null)::integer as unanswered
    from questions where competition_id = ${competitionId}`);
  return rows[0] ?? { total: 0, unanswered: 0 };
}

/** A part of a competition's questions, for those who run it: unanswered first, the longest waiting on top; then the newest answers. */
export async function listAskedQuestions(
  db: Connection,
  competitionId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<AskedQuestion[]> {
  const { rows } = await db.execute<{
    id: string;
    body: string;
    askedAt: string;
    asker: string | null;
    team: string | null;
    answer: string | null;
    answeredAt: string | null;
    answeredBy: string | null;
    publicBody: string | null;
  }>(sql`
    select q.id, q.body, q.asked_at as "askedAt", asker.name as asker, t.name as team, q.answer,
      q.answered_at as "answeredAt", answerer.name as "answeredBy", q.public_body as "publicBody"
    from questions q
      left join users asker on asker.id = q.asker_id
      left join users answerer on answerer.id = q.answered_by
      left join teams t on t.id = q.team_id
    where q.competition_id = ${competitionId}
    order by q.answered_at is not null, q.answered_at desc, q.asked_at, q.id offset ${offset} limit ${limit}`);
  return rows.map(({ id, body, asker, team, publicBody, ...row }) => ({
    id,
    body,
    asker,
    team,
    publicBody,
    askedAt: new Date(row.askedAt),
    answer:
      row.answer === null || row.answeredAt === null
        ? null
        : { text: row.answer, at: new Date(row.answeredAt), by: row.answeredBy },
  }));
}

/**
 * Answers, or changes an answer. `publicBody` is the question as everybody will read it, null to answer its asker alone. `seen`
 * is when the answer was given that the writer had before their eyes, null for none: of two who answer at once, the second is
 * refused with 'answered-meanwhile'. The asker gets a mail.
 */
export async function answerQuestion(
  db: Connection,
  competition: Competition,
  which: { id: string; seen: Date | null },
  written: { answer: string; publicBody: string | null },
  act: MailedAct,
): Promise<void> {
  const { answer, publicBody } = acceptable(written);
  await db.transaction(async (tx) => {
    const before = await lockQuestion(tx, competition.id, which.id);
    if ((before.answeredAt?.getTime() ?? null) !== (which.seen?.getTime() ?? null)) {
      throw new RefusedError('answered-meanwhile', 409);
    }
    await tx
      .update(questions)
      .set({ answer, publicBody, answeredAt: sql`rostrum_now()`, answeredBy: act.actorId })
      .where(eq(questions.id, before.id));
    const details = { toAll: publicBody !== null, again: before.answer !== null };
    const { actorId } = act;
    const kind = 'question-answered';
    await recordEvent(tx, { actorId, competitionId: competition.id, kind, subject: before.id, details });
    const about = { category: 'answers', competitionId: competition.id } as const;
    const shownAt = { site: act.site, path: `/c/${competition.slug}/questions` };
    await mailPeople(tx, before.askerId === null ? [] : [before.askerId], about, (language, t) => ({
      subject: t('questions.mail-subject', { competition: nameOf(competition, language) }),
      paragraphs: [
        t('questions.mail-asked', { question: before.body }),
        { markdown: answer, shownAt },
        { label: t('questions.mail-link'), url: `${shownAt.site}${shownAt.path}` },
      ],
    }));
    if (publicBody !== null || before.publicBody !== null) await touchNews(tx, competition.id);
  });
}

async function lockQuestion(tx: Connection, competitionId: string, id: string): Promise<Row> {
  const which = and(eq(questions.id, id), eq(questions.competitionId, competitionId));
  return one(await tx.select().from(questions).where(which).for('update'), 'question', id);
}

function acceptable(written: { answer: string; publicBody: string | null }) {
  const text = (typed: string) => typed.replaceAll('\r\n', '\n').trim();
  const answer = text(written.answer);
  const publicBody = written.publicBody === null ? null : text(written.publicBody);
  if (answer === '' || [...answer].length > longestAnswer) {
    throw new RefusedError('answer-length', 422, { longest: longestAnswer });
  }
  if (publicBody !== null && (publicBody === '' || [...publicBody].length > longestQuestion)) {
    throw new RefusedError('question-length', 422, { longest: longestQuestion });
  }
  return { answer, publicBody };
}

function answerOf({ answer, answeredAt }: Row): OwnQuestion['answer'] {
  return answer === null || answeredAt === null ? null : { text: answer, at: answeredAt };
}
