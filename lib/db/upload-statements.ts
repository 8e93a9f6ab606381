import { and, desc, eq, notInArray, sql } from 'drizzle-orm';
import { agreedCloseOf } from '#lib/db/adjustments.ts';
import { acceptedRulesBy } from '#lib/db/arrivals.ts';
import { insertionOf } from '#lib/db/audit.ts';
import { enqueueing } from '#lib/db/jobs.ts';
import { type Place, prepare, prepareSql } from '#lib/db/prepared.ts';
import { competitions, submissionFiles, submissionPeople, submissions, teamMembers, teams } from '#lib/db/schema.ts';
import type { EventKind } from '#lib/event-kinds.ts';

/*
 * What one upload asks of the database under its team's lock (submissions.ts), fifty times a second in the last hour before a close.
 */

export type SubmissionRow = typeof submissions.$inferSelect;

type Membership = { competitionId: string; userId: string };

/** The person's team, its row locked. */
export const lockTeam = prepare('lock-team', (db, place: Place<Membership>) =>
  db
    .select({ teamId: teams.id })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(and(eq(teamMembers.competitionId, place('competitionId')), eq(teamMembers.userId, place('userId'))))
    .for('no key update', { of: teams }),
);

/** Everything that decides about an upload of the team. */
export const selectEntry = prepare('entry', (db, place: Place<Membership & { teamId: string }>) =>
  db
    .select({
      competition: competitions,
      people: sql<string[]>`array(select user_id::text from team_members where team_id = ${place('teamId')})`,
      hasAcceptedRules: acceptedRulesBy(place('userId')),
      agreedClose: agreedCloseOf(place('teamId')),
    })
    .from(competitions)
    .where(eq(competitions.id, place('competitionId'))),
);

export const selectByKey = prepare('by-idempotency-key', (db, place: Place<{ teamId: string; key: string }>) =>
  db
    .select()
    .from(submissions)
    .where(and(eq(submissions.teamId, place('teamId')), eq(submissions.idempotencyKey, place('key'))))
    .orderBy(desc(submissions.sequence))
    .limit(1),
);

/** What tells a file of a team from another, plain or packed; the index submissions_by_content is over this. */
const fileDigest = sql`coalesce(${submissions.unpackedSha256}, ${submissions.sha256})`;

/** The team's last file of these digests that did not come to nothing. */
export const selectEqual = prepare(
  'equal-file',
  (db, place: Place<{ teamId: string; split: string; digests: Buffer[] }>) =>
    db
      .select()
      .from(submissions)
      .where(
        and(
          eq(submissions.teamId, place('teamId')),
          eq(submissions.split, place('split')),
          sql`${fileDigest} = any(${place('digests')}::bytea[])`,
          notInArray(submissions.state, ['rejected', 'failed']),
        ),
      )
      .orderBy(desc(submissions.sequence))
      .limit(1),
);

export type NewRow = Pick<
  SubmissionRow,
  | ('competitionId' | 'teamId' | 'authorId' | 'split' | 'state' | 'receivedAt' | 'late' | 'quotaDay')
  | ('fileName' | 'note' | 'codeLink' | 'format' | 'bytes' | 'sha256' | 'unpackedSha256' | 'idempotencyKey')
  | ('problems' | 'problemCount' | 'warnings')
>;

export const insertRow = prepare('new-submission', (db, place: Place<NewRow>) =>
  db
    .insert(submissions)
    .values({
      competitionId: place('competitionId'),
      teamId: place('teamId'),
      authorId: place('authorId'),
      split: place('split'),
      state: place('state'),
      receivedAt: place('receivedAt'),
      late: place('late'),
      quotaDay: place('quotaDay'),
      fileName: place('fileName'),
      note: place('note'),
      codeLink: place('codeLink'),
      format: place('format'),
      bytes: place('bytes'),
      sha256: place('sha256'),
      unpackedSha256: place('unpackedSha256'),
      idempotencyKey: place('idempotencyKey'),
      problems: place('problems'),
      problemCount: place('problemCount'),
      warnings: place('warnings'),
    })
    .returning(),
);

export type Belongings = {
  id: string;
  competitionId: string;
  authorId: string;
  content: Buffer;
  people: string[];
  kind: EventKind;
  details: Record<string, unknown>;
  isScored: boolean;
};

/** Bytes, people and event of a submission, and its job where it is to be scored: one statement, as each is a way to the database. */
export const insertBelongings = prepareSql<Belongings, unknown>('belongings', (place, db) => {
  const id = place('id');
  const event = insertionOf(db, {
    actorId: place('authorId'),
    competitionId: place('competitionId'),
    kind: place('kind'),
    subject: id,
    details: place('details'),
  });
  return sql`
    with file as (insert into ${submissionFiles} (submission_id, content) values (${id}, ${place('content')})),
      people as (
        insert into ${submissionPeople} (submission_id, user_id) select ${id}, unnest(${place('people')}::uuid[])),
      event as ${event}
    select case when ${place('isScored')}::boolean then ${enqueueing({ kind: 'score-submission', id })} end`;
});
