import { and, asc, eq, inArray, isNotNull, isNull, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { dropUploadsOf } from '#lib/db/archive-uploads.ts';
import { recordEvent } from '#lib/db/audit.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { dropSlides } from '#lib/db/dropped-slides.ts';
import {
  apiTokens,
  competitionRoles,
  competitions,
  courseStudents,
  defenceSpeakers,
  defenceTalks,
  identities,
  mailLinks,
  mailMutes,
  mailRefusals,
  mails,
  questions,
  rateLimits,
  roleInvites,
  sessions,
  shortlistConsents,
  teamInvites,
  teams,
  users,
} from '#lib/db/schema.ts';
import { lockTeam, passCaptaincy } from '#lib/db/teams.ts';
import { RefusedError } from '#lib/errors.ts';
import { erasedDomain } from '#lib/identity/email-address.ts';
import { escapeHtml } from '#lib/identity/mail-text.ts';

/*
 * Erasing a person. What names them goes; what others rely on stays under a pseudonym: the team, its files and attempts, the log.
 */

type Person = typeof users.$inferSelect;

/**
 * Erases the person, by themselves or (null) by the owner's command line. Captaincies pass to whoever has been in the team longest,
 * and a team of one has no captain then. Refuses 'erase-organiser', with the competitions that have to be handed over first, and
 * 'erase-last-administrator'.
 */
export async function erasePerson(db: Connection, userId: string, actorId: string | null): Promise<void> {
  await db.transaction(async (tx) => {
    // In one order, so that of two administrators who go at once the second sees that the first has.
    const needed = or(eq(users.id, userId), eq(users.isAdministrator, true));
    const locked = await tx.select().from(users).where(needed).orderBy(asc(users.id)).for('no key update');
    const person = one(
      locked.filter(({ id }) => id === userId),
      'user',
      userId,
    );
    if (person.erasedAt !== null) return;
    await requireNoCompetition(tx, person);
    const isLastAdministrator = person.isAdministrator && locked.length === 1;
    if (isLastAdministrator) throw new RefusedError('erase-last-administrator', 409);
    await leaveParts(tx, person, actorId);
    await passCaptaincies(tx, person, actorId);
    await forgetAccess(tx, person);
    await forgetMails(tx, person);
    await forgetWritten(tx, person);
    await dropUploadsOf(tx, person.id);
    await leaveCourses(tx, person);
    await tx.update(users).set(pseudonym(person)).where(eq(users.id, person.id));
    // Of files nothing may be changed by the web; the database does it for those who are erased, and for nobody else.
    await tx.execute(sql`select forget_files_of_erased()`);
    await recordEvent(tx, { actorId, kind: 'person-erased', subject: person.id });
  });
}

/** In both languages, since it stands wherever names stand. */
function pseudonym({ id }: Person) {
  const email = `${id}${erasedDomain}`;
  const name = `удалённый участник · erased person ${id.slice(0, 6)}`;
  const nothing = { passwordHash: null, undeliverableSince: null, undeliverableReason: null };
  return { email, emailKey: email, name, ...nothing, isAdministrator: false, erasedAt: sql`rostrum_now()` };
}

async function requireNoCompetition(tx: Connection, { id }: Person): Promise<void> {
  const organised = await tx
    .select({ slug: competitions.slug })
    .from(competitionRoles)
    .innerJoin(competitions, eq(competitions.id, competitionRoles.competitionId))
    .where(and(eq(competitionRoles.userId, id), eq(competitionRoles.role, 'organiser')))
    .orderBy(asc(competitions.slug));
  if (organised.length > 0) {
    throw new RefusedError('erase-organiser', 409, { competitions: organised.map(({ slug }) => slug).join(', ') });
  }
}

async function leaveParts(tx: Connection, { id }: Person, actorId: string | null): Promise<void> {
  const left = await tx.delete(competitionRoles).where(eq(competitionRoles.userId, id)).returning();
  for (const { competitionId, role } of left) {
    await recordEvent(tx, { actorId, competitionId, kind: 'role-revoked', subject: id, details: { role } });
  }
}

async function passCaptaincies(tx: Connection, { id }: Person, actorId: string | null): Promise<void> {
  const led = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.captainId, id), isNull(teams.disbandedAt)))
    .orderBy(asc(teams.id));
  for (const { id: teamId } of led) {
    const team = await lockTeam(tx, teamId);
    const captainId = await passCaptaincy(tx, team);
    const details = { memberId: captainId, from: id };
    const { competitionId } = team;
    await recordEvent(tx, { actorId, competitionId, kind: 'captain-changed', subject: teamId, details });
  }
}

/** Everything that somebody could sign in with, and the counters that know them. */
async function forgetAccess(tx: Connection, { id, email, emailKey }: Person): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.userId, id));
  await tx.delete(apiTokens).where(eq(apiTokens.userId, id));
  await tx.delete(identities).where(eq(identities.userId, id));
  await tx.delete(mailLinks).where(or(eq(mailLinks.userId, id), inArray(mailLinks.email, [email, emailKey])));
  await tx.delete(roleInvites).where(eq(roleInvites.emailKey, emailKey));
  await tx.delete(rateLimits).where(sql`${names(rateLimits.key, emailKey)} or ${names(rateLimits.key, id)}`);
  await tx
    .update(teamInvites)
    .set({ revokedAt: sql`rostrum_now()` })
    .where(and(eq(teamInvites.createdBy, id), isNull(teamInvites.revokedAt)));
}

/** Theirs go; those that others have yet to get name them no more. Of sent ones no text is kept. */
async function forgetMails(tx: Connection, person: Person): Promise<void> {
  const { id, email, emailKey } = person;
  await tx
    .delete(mails)
    .where(sql`${mails.userId} = ${id} or lower(${mails.recipient}) in (${email.toLowerCase()}, ${emailKey})`);
  await tx.delete(mailRefusals).where(eq(mailRefusals.userId, id));
  await tx.delete(mailMutes).where(eq(mailMutes.userId, id));
  const said = [mails.subject, mails.bodyText, mails.bodyHtml];
  await tx
    .update(mails)
    .set({
      subject: withoutNames(mails.subject, person),
      bodyText: withoutNames(mails.bodyText, person),
      bodyHtml: withoutNames(mails.bodyHtml, person),
    })
    .where(or(...needlesOf(person).flatMap((needle) => said.map((column) => names(column, needle)))));
}

/** What they wrote to organisers, of which the answers stay; slides of teams that nobody else is in, and what they called those of others. */
async function forgetWritten(tx: Connection, person: Person): Promise<void> {
  const { id } = person;
  await tx
    .update(questions)
    .set({
      body: '—',
      answer: withoutNames(questions.answer, person),
      publicBody: withoutNames(questions.publicBody, person),
    })
    .where(eq(questions.askerId, id));
  await dropSlides(tx, await listLonelyTeams(tx, person));
  const named = and(eq(defenceTalks.editedBy, id), isNotNull(defenceTalks.slidesName));
  await tx.update(defenceTalks).set({ slidesName: 'slides.pdf' }).where(named);
}

/** Teams in which there is nobody but the person, and people who were erased. */
async function listLonelyTeams(tx: Connection, { id }: Person): Promise<string[]> {
  const { rows } = await tx.execute<{ teamId: string }>(sql`
    select m.team_id as "teamId" from team_members m
    where m.user_id = ${id} and not exists (
      select from team_members o join users u on u.id = o.user_id
      where o.team_id = m.team_id and o.user_id <> ${id} and u.erased_at is null)`);
  return rows.map(({ teamId }) => teamId);
}

/**
 * What a course keeps of its students is the teacher's record and stays: name, number and points. It leads to the account no more, and
 * neither address nor contact is left.
 */
async function leaveCourses(tx: Connection, { id, emailKey }: Person): Promise<void> {
  await tx.delete(defenceSpeakers).where(eq(defenceSpeakers.userId, id));
  const address = sql`${courseStudents.id} || ${erasedDomain}`;
  const left = await tx
    .update(courseStudents)
    .set({ userId: null, email: address, emailKey: address })
    .where(or(eq(courseStudents.userId, id), eq(courseStudents.emailKey, emailKey)))
    .returning({ id: courseStudents.id });
  for (const student of left) await tx.delete(shortlistConsents).where(eq(shortlistConsents.studentId, student.id));
}

function needlesOf({ name, email, emailKey }: Pick<Person, 'name' | 'email' | 'emailKey'>): string[] {
  return [...new Set([name, email, emailKey, escapeHtml(name), escapeHtml(email)])];
}

function names(column: SQLWrapper, needle: string): SQL {
  return sql`position(${needle} in ${column}) > 0`;
}

function withoutNames(column: SQLWrapper, person: Person): SQL<string> {
  return needlesOf(person).reduce<SQL<string>>((text, needle) => sql`replace(${text}, ${needle}, '—')`, sql`${column}`);
}
