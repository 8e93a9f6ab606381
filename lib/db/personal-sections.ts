import { eq, getTableColumns, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import {
  apiTokens,
  competitionRoles,
  competitions,
  courseSheetRows,
  courseStudents,
  defenceAttendance,
  defenceSpeakers,
  defenceTalks,
  events,
  finalPicks,
  homeworkExtensions,
  identities,
  labelFlags,
  mailLinks,
  mailMutes,
  mailRefusals,
  mails,
  methodCards,
  publishedScores,
  questions,
  roleInvites,
  ruleAcceptances,
  sessions,
  shortlistConsents,
  submissionPeople,
  submissions,
  teamInvites,
  teamMembers,
  teams,
  users,
} from '#lib/db/schema.ts';

/*
 * What the platform keeps of a person, table by table: what their export holds, what it leaves out and why, and what stays of it
 * when they are erased. A test walks the database and fails for a column that leads to a person and stands here nowhere.
 */

export type Person = { id: string; email: string; emailKey: string };

export type PersonalSection = {
  /** Of the section's file in the archive. */
  name: string;
  table: PgTable;
  /** Which rows are the person's. */
  of: (person: Person) => SQL;
  /** What is given out, by its name there. */
  given: (person: Person) => Record<string, PgColumn | SQL>;
  /** Columns that are not, by their keys in the schema, each with the reason. */
  withheld: Readonly<Record<string, string>>;
  /** Texts that the rows keep when the person is erased, likewise. */
  kept: Readonly<Record<string, string>>;
};

const secret = 'a secret, kept as a digest: whoever has it can act as the person';
const itself = 'the person';
const somebodyElse = 'somebody else';
const upkeep = 'how the platform does its work';
const normalised = 'the same in another spelling, for comparing';
const organisersWork = "an organiser's act: the log has it, in events";
const secretOfLabels = 'made from hidden labels: nobody sees it before the reveal, and then it is in the results';
const withoutAccount = 'a juror comes by a link and has no account';
const ofTheTeam = "the team's, which its other members rely on";
const ofTheCourse = "the teacher's record of a course";
const ofThePlatform = 'written by the platform, never by a person';

export const personalSections: readonly PersonalSection[] = [
  section('account', users, (me) => eq(users.id, me.id), {
    derived: () => ({ hasPassword: sql`${users.passwordHash} is not null` }),
    withheld: { passwordHash: secret, emailKey: normalised, isDemo: upkeep, erasedAt: upkeep },
  }),
  section('identities', identities, (me) => eq(identities.userId, me.id), { withheld: { userId: itself } }),
  section('sessions', sessions, (me) => eq(sessions.userId, me.id), {
    withheld: { id: 'what the cookie of a browser leads to', userId: itself },
  }),
  section('tokens', apiTokens, (me) => eq(apiTokens.userId, me.id), {
    withheld: { tokenHash: secret, userId: itself },
  }),
  section('mail-links', mailLinks, (me) => ofAddress(mailLinks.userId, mailLinks.email, me), {
    withheld: { tokenHash: secret, userId: itself },
  }),
  section('mails', mails, (me) => ofAddress(mails.userId, mails.recipient, me), {
    withheld: {
      bodyText: 'what waits may hold a link that opens the account; of what is sent no text is kept',
      bodyHtml: 'as bodyText',
      attempts: upkeep,
      nextAttemptAt: upkeep,
      lastError: upkeep,
      messageKey: upkeep,
      userId: itself,
    },
  }),
  section('refused-mails', mailRefusals, (me) => eq(mailRefusals.userId, me.id), { withheld: { userId: itself } }),
  section('muted-competitions', mailMutes, (me) => eq(mailMutes.userId, me.id), { withheld: { userId: itself } }),
  section('roles', competitionRoles, (me) => eq(competitionRoles.userId, me.id), {
    derived: () => ({ competition: slugOf(competitionRoles.competitionId) }),
    withheld: { userId: itself },
  }),
  section('role-offers', roleInvites, (me) => eq(roleInvites.emailKey, me.emailKey), {
    withheld: { emailKey: normalised, createdBy: somebodyElse },
  }),
  section('accepted-rules', ruleAcceptances, (me) => eq(ruleAcceptances.userId, me.id), {
    withheld: { userId: itself },
  }),
  section('memberships', teamMembers, (me) => eq(teamMembers.userId, me.id), {
    derived: () => ({ competition: slugOf(teamMembers.competitionId) }),
    withheld: { userId: itself },
  }),
  section('teams', teams, (me) => inTeams(teams.id, me), {
    withheld: {
      kind: upkeep,
      nameKey: normalised,
      captainId: 'may be somebody else: the log says when it was the person',
      isDemo: upkeep,
    },
    kept: { name: ofTheTeam, nameKey: ofTheTeam },
  }),
  section('invitations', teamInvites, (me) => eq(teamInvites.createdBy, me.id), {
    withheld: { tokenHash: secret, createdBy: itself },
  }),
  section('submissions', submissions, (me) => eq(submissions.authorId, me.id), {
    withheld: { sequence: upkeep, authorId: itself, attempt: upkeep, leaseUntil: upkeep, attemptLimit: upkeep },
    kept: { problems: ofThePlatform, warnings: ofThePlatform, failure: ofThePlatform, format: ofThePlatform },
  }),
  section('charged-attempts', submissionPeople, (me) => eq(submissionPeople.userId, me.id), {
    withheld: { userId: itself },
  }),
  // Of a team that they are still in: nobody else sees a team's scores, former members neither.
  section(
    'scores',
    publishedScores,
    (me) => sql`${publishedScores.submissionId} in (
      select ${submissions.id} from ${submissions} where ${submissions.authorId} = ${me.id} and ${inTeams(submissions.teamId, me)})`,
    { kept: { scorerVersion: ofThePlatform, profile: ofThePlatform, profileHash: ofThePlatform, dev: ofThePlatform } },
  ),
  section('picked-finals', finalPicks, (me) => eq(finalPicks.pickedBy, me.id), { withheld: { pickedBy: itself } }),
  section('questions', questions, (me) => eq(questions.askerId, me.id), {
    withheld: { askerId: itself, answeredBy: somebodyElse },
  }),
  section('flagged-recordings', labelFlags, (me) => eq(labelFlags.flaggedBy, me.id), {
    withheld: { flaggedBy: itself, lookedBy: somebodyElse },
    kept: { utteranceId: ofThePlatform },
  }),
  section('method-cards', methodCards, (me) => eq(methodCards.editedBy, me.id), {
    withheld: { editedBy: itself },
    kept: {
      model: ofTheTeam,
      data: ofTheTeam,
      externalServices: ofTheTeam,
      codeLink: ofTheTeam,
      codeCommit: ofTheTeam,
    },
  }),
  section('talks', defenceTalks, (me) => eq(defenceTalks.editedBy, me.id), {
    withheld: { editedBy: itself },
    kept: { title: ofTheTeam, description: ofTheTeam, slidesLink: ofTheTeam },
  }),
  section('names-at-defences', defenceSpeakers, (me) => eq(defenceSpeakers.userId, me.id), {
    withheld: { userId: itself },
  }),
  section('attendance', defenceAttendance, (me) => eq(defenceAttendance.userId, me.id), {
    withheld: { userId: itself, recordedBy: somebodyElse },
    kept: { overrideReason: ofTheCourse },
  }),
  section('seats-in-courses', courseStudents, isStudent, {
    withheld: { emailKey: normalised, userId: itself },
    kept: { name: ofTheCourse, studentNumber: ofTheCourse, groupName: ofTheCourse },
  }),
  section('published-grades', courseSheetRows, (me) => ofStudent(courseSheetRows.studentId, me), {
    kept: { body: ofTheCourse },
  }),
  section('extensions', homeworkExtensions, (me) => ofStudent(homeworkExtensions.studentId, me), {
    withheld: { createdBy: somebodyElse },
    kept: { reason: ofTheCourse },
  }),
  section('interview-consents', shortlistConsents, (me) => ofStudent(shortlistConsents.studentId, me)),
  section('events', events, (me) => or(eq(events.actorId, me.id), eq(events.subject, me.id))!, {
    derived: (me) => ({ byThePerson: sql`coalesce(${events.actorId} = ${me.id}, false)` }),
    withheld: {
      actorId: 'byThePerson says whether it was they',
      details: 'speaks of others, too; the competition’s log shows it to its organisers',
    },
    kept: { subject: 'an id', kind: ofThePlatform, reason: 'the log cannot be changed; names do not belong there' },
  }),
];

/** Columns of other tables that lead to a person, each with the reason why no export has them. */
export const notExported: Readonly<Record<string, string>> = {
  'rate_limits.key': 'counters against guessing and flooding, gone after two days',
  'homework_results.student_id': 'not before they are published: then they are in published-grades',
  'submission_files.submission_id': 'the files themselves are in the archive',
  ...because(secretOfLabels, [
    'hidden.counts.submission_id',
    'hidden.team_pairs.first_submission',
    'hidden.team_pairs.second_submission',
    'hidden.utterance_errors.submission_id',
  ]),
  ...because(withoutAccount, ['defence_comments.juror_id', 'defence_marks.juror_id']),
  ...because(organisersWork, [
    'archive_uploads.requested_by',
    'baseline_runs.requested_by',
    'baseline_runs.submission_id',
    'competitions.created_by',
    'course_sheets.published_by',
    'courses.created_by',
    'defence_draws.drawn_by',
    'eligibility_marks.decided_by',
    'evening_links.created_by',
    'hidden.audit_outputs.added_by',
    'hidden.label_audits.requested_by',
    'hidden.label_dismissals.dismissed_by',
    'hidden.label_edits.edited_by',
    'hidden.label_versions.created_by',
    'hidden.rescores.requested_by',
    'hidden.reveal_codes.made_by',
    'hidden.team_comparisons.requested_by',
    'hidden.team_pair_notes.noted_by',
    'homework_results.recorded_by',
    'imports.requested_by',
    'method_card_permissions.granted_by',
    'team_adjustments.created_by',
  ]),
};

type Choices<Key extends string> = {
  derived?: (person: Person) => Record<string, SQL>;
  withheld?: Partial<Record<Key, string>>;
  kept?: Partial<Record<Key, string>>;
};

function section<Table extends PgTable>(
  name: string,
  table: Table,
  of: (person: Person) => SQL,
  { derived = () => ({}), withheld = {}, kept = {} }: Choices<Extract<keyof Table['_']['columns'], string>> = {},
): PersonalSection {
  const shown = Object.entries<PgColumn>(getTableColumns(table)).filter(([key]) => !Object.hasOwn(withheld, key));
  const given = (person: Person) => ({ ...Object.fromEntries(shown), ...derived(person) });
  return { name, table, of, given, withheld: reasons(withheld), kept: reasons(kept) };
}

function because(reason: string, columns: readonly string[]): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column, reason]));
}

function reasons(given: Partial<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([key, reason = '']) => [key, reason]));
}

function slugOf(competitionId: PgColumn): SQL {
  return sql`(select ${competitions.slug} from ${competitions} where ${competitions.id} = ${competitionId})`;
}

function inTeams(teamId: PgColumn, { id }: Person): SQL {
  return sql`${teamId} in (select ${teamMembers.teamId} from ${teamMembers} where ${teamMembers.userId} = ${id})`;
}

function ofAddress(userId: PgColumn, address: PgColumn, { id, email, emailKey }: Person): SQL {
  return sql`(${userId} = ${id} or lower(${address}) in (${email.toLowerCase()}, ${emailKey}))`;
}

function isStudent({ id, emailKey }: Person): SQL {
  return sql`(${courseStudents.userId} = ${id} or ${courseStudents.emailKey} = ${emailKey})`;
}

function ofStudent(studentId: PgColumn, person: Person): SQL {
  return sql`${studentId} in (select ${courseStudents.id} from ${courseStudents} where ${isStudent(person)})`;
}
